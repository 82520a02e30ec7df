// Package main holds the Go clients; the build tags `franz` and `confluent` choose one.
package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
)

// Order is the message that every client writes and reads.
type Order struct {
	OrderID string   `json:"orderId" avro:"orderId"`
	Amount  float64  `json:"amount" avro:"amount"`
	Items   []string `json:"items" avro:"items"`
}

// OrderV2 is version 2 of the Avro schema.
type OrderV2 struct {
	OrderID string   `json:"orderId" avro:"orderId"`
	Amount  float64  `json:"amount" avro:"amount"`
	Items   []string `json:"items" avro:"items"`
	Note    string   `json:"note,omitempty" avro:"note"`
}

var order = Order{"o-1", 12.5, []string{"pen", "ink"}}

func text(file string) string {
	bytes, err := os.ReadFile(filepath.Join(os.Getenv("SCHEMAS"), file))
	must(err)
	return string(bytes)
}

func exchangeWrite(client, format string, bytes []byte) {
	must(os.WriteFile(filepath.Join(os.Getenv("EXCHANGE"), client+"."+format+".bin"), bytes, 0o644))
}

// exchangeRead calls read with every message of a format.
func exchangeRead(format string, read func(bytes []byte) Order) {
	files, err := filepath.Glob(filepath.Join(os.Getenv("EXCHANGE"), "*."+format+".bin"))
	must(err)
	for _, file := range files {
		writer := strings.Split(filepath.Base(file), ".")[0]
		shows(format+": reads what "+writer+" wrote", func() {
			bytes, err := os.ReadFile(file)
			must(err)
			same(read(bytes))
		})
	}
}

func same(actual Order) {
	if !reflect.DeepEqual(actual, order) {
		panic(fmt.Sprintf("read %+v", actual))
	}
}

func must(err error) {
	if err != nil {
		panic(err)
	}
}

func check(holds bool, what string) {
	if !holds {
		panic(what)
	}
}

// shows runs one behaviour and prints how it went.
func shows(name string, behaviour func()) {
	result := map[string]any{"name": name, "ok": true}
	defer func() {
		if problem := recover(); problem != nil {
			result["ok"] = false
			result["reason"] = fmt.Sprint(problem)
		}
		line, _ := json.Marshal(struct {
			Name   any `json:"name"`
			Ok     any `json:"ok"`
			Reason any `json:"reason,omitempty"`
		}{result["name"], result["ok"], result["reason"]})
		fmt.Println(string(line))
	}()
	behaviour()
}
