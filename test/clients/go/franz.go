//go:build franz

package main

import (
	"context"
	"encoding/json"
	"errors"
	"os"

	"github.com/hamba/avro/v2"
	"github.com/twmb/franz-go/pkg/sr"
)

const me = "franz-go"

func main() {
	ctx := context.Background()
	client, err := sr.NewClient(sr.URLs(os.Getenv("REGISTRY_URL")))
	must(err)
	if os.Args[1] == "read" {
		exchangeRead("avro", func(bytes []byte) Order { return decodeAvro(ctx, client, bytes) })
		exchangeRead("json", func(bytes []byte) Order { return decodeJSON(ctx, client, bytes) })
		return
	}
	for _, format := range []struct {
		name, extension string
		kind            sr.SchemaType
	}{{"avro", "avsc", sr.TypeAvro}, {"json", "json", sr.TypeJSON}, {"protobuf", "proto", sr.TypeProtobuf}} {
		subject := me + "-" + format.name + "-value"
		schema := func(version string) sr.Schema {
			return sr.Schema{Schema: text("order." + version + "." + format.extension), Type: format.kind}
		}
		shows(format.name+": a schema is registered and evolves", func() {
			first, err := client.CreateSchema(ctx, subject, schema("v1"))
			must(err)
			check(first.Version == 1 && first.Subject == subject, "first version")
			second, err := client.CreateSchema(ctx, subject, schema("v2"))
			must(err)
			check(second.Version == 2 && second.ID != first.ID, "second version")
			found, err := client.LookupSchema(ctx, subject, schema("v1"))
			must(err)
			check(found.ID == first.ID && found.Version == 1, "lookup")
		})
		shows(format.name+": a breaking version is refused with 409", func() {
			answer, err := client.CheckCompatibility(sr.WithParams(ctx, sr.Verbose), subject, -1, schema("breaking"))
			must(err)
			check(!answer.Is && len(answer.Messages) > 0, "the check says why")
			_, err = client.CreateSchema(ctx, subject, schema("breaking"))
			var refused *sr.ResponseError
			check(errors.As(err, &refused) && refused.StatusCode == 409 && refused.ErrorCode == 40901, "409")
		})
		if format.name == "protobuf" {
			continue
		}
		shows(format.name+": a message goes out and comes back", func() {
			latest, err := client.SchemaByVersion(ctx, subject, -1)
			must(err)
			message := OrderV2{order.OrderID, order.Amount, order.Items, ""}
			var payload []byte
			if format.name == "avro" {
				payload, err = avro.Marshal(avro.MustParse(latest.Schema.Schema), message)
			} else {
				payload, err = json.Marshal(message)
			}
			must(err)
			framed, err := (&sr.ConfluentHeader{}).AppendEncode(nil, latest.ID, nil)
			must(err)
			exchangeWrite(me, format.name, append(framed, payload...))
		})
	}
	shows("levels are set per subject and reset", func() {
		for _, result := range client.SetCompatibility(ctx, sr.SetCompatibility{Level: sr.CompatFull}, me+"-avro-value") {
			must(result.Err)
		}
		for _, result := range client.Compatibility(ctx, me+"-avro-value") {
			must(result.Err)
			check(result.Level == sr.CompatFull, "level")
		}
		for _, result := range client.ResetCompatibility(ctx, me+"-avro-value") {
			must(result.Err)
		}
	})
	shows("all schemas, usages and contexts are listed", func() {
		all, err := client.AllSchemas(ctx)
		must(err)
		check(len(all) >= 6, "schemas")
		usages, err := client.SchemaUsagesByID(ctx, all[0].ID)
		must(err)
		check(len(usages) > 0, "usages")
		contexts, err := client.Contexts(ctx)
		must(err)
		check(contexts[0] == ".", "contexts")
	})
	shows("a subject is deleted, softly and for ever", func() {
		subject := me + "-deleted-value"
		_, err := client.CreateSchema(ctx, subject, sr.Schema{Schema: text("order.v1.avsc")})
		must(err)
		_, err = client.DeleteSubject(ctx, subject, sr.SoftDelete)
		must(err)
		_, err = client.DeleteSubject(ctx, subject, sr.HardDelete)
		must(err)
	})
}

func decodeAvro(ctx context.Context, client *sr.Client, bytes []byte) Order {
	id, payload, err := (&sr.ConfluentHeader{}).DecodeID(bytes)
	must(err)
	schema, err := client.SchemaByID(ctx, id)
	must(err)
	var decoded Order
	must(avro.Unmarshal(avro.MustParse(schema.Schema), payload, &decoded))
	return decoded
}

func decodeJSON(ctx context.Context, client *sr.Client, bytes []byte) Order {
	id, payload, err := (&sr.ConfluentHeader{}).DecodeID(bytes)
	must(err)
	schema, err := client.SchemaByID(ctx, id)
	must(err)
	check(schema.Type == sr.TypeJSON, "type")
	var decoded Order
	must(json.Unmarshal(payload, &decoded))
	return decoded
}
