//go:build confluent

package main

import (
	"errors"
	"os"
	"path/filepath"

	"github.com/confluentinc/confluent-kafka-go/v2/schemaregistry"
	"github.com/confluentinc/confluent-kafka-go/v2/schemaregistry/rest"
	"github.com/confluentinc/confluent-kafka-go/v2/schemaregistry/serde"
	"github.com/confluentinc/confluent-kafka-go/v2/schemaregistry/serde/avrov2"
	"github.com/confluentinc/confluent-kafka-go/v2/schemaregistry/serde/jsonschema"
	"github.com/confluentinc/confluent-kafka-go/v2/schemaregistry/serde/protobuf"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protodesc"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/types/descriptorpb"
	"google.golang.org/protobuf/types/dynamicpb"
)

const me = "confluent-go"

func newClient() schemaregistry.Client {
	client, err := schemaregistry.NewClient(schemaregistry.NewConfig(os.Getenv("REGISTRY_URL")))
	must(err)
	return client
}

var client = newClient()

// orderType is the compiled message type, as generated code would carry it.
func orderType(version string) protoreflect.MessageType {
	bytes, err := os.ReadFile(filepath.Join(os.Getenv("DESCRIPTORS"), "order."+version+".binpb"))
	must(err)
	var set descriptorpb.FileDescriptorSet
	must(proto.Unmarshal(bytes, &set))
	files, err := protodesc.NewFiles(&set)
	must(err)
	found, err := files.FindDescriptorByName("shop.clients.Order")
	must(err)
	return dynamicpb.NewMessageType(found.(protoreflect.MessageDescriptor))
}

func protoOrder(version string) proto.Message {
	message := orderType(version).New()
	fields := message.Descriptor().Fields()
	message.Set(fields.ByName("order_id"), protoreflect.ValueOfString(order.OrderID))
	message.Set(fields.ByName("amount"), protoreflect.ValueOfFloat64(order.Amount))
	items := message.Mutable(fields.ByName("items")).List()
	for _, item := range order.Items {
		items.Append(protoreflect.ValueOfString(item))
	}
	return message.Interface()
}

func protoDecode(bytes []byte) Order {
	deserializer, err := protobuf.NewDeserializer(client, serde.ValueSerde, protobuf.NewDeserializerConfig())
	must(err)
	target := orderType("v2").New()
	must(deserializer.DeserializeInto("any", bytes, target.Interface()))
	fields := target.Descriptor().Fields()
	result := Order{target.Get(fields.ByName("order_id")).String(), target.Get(fields.ByName("amount")).Float(), nil}
	items := target.Get(fields.ByName("items")).List()
	for i := 0; i < items.Len(); i++ {
		result.Items = append(result.Items, items.Get(i).String())
	}
	return result
}

func avroDecode(bytes []byte) Order {
	deserializer, err := avrov2.NewDeserializer(client, serde.ValueSerde, avrov2.NewDeserializerConfig())
	must(err)
	var decoded Order
	must(deserializer.DeserializeInto("any", bytes, &decoded))
	return decoded
}

func jsonDecode(bytes []byte) Order {
	deserializer, err := jsonschema.NewDeserializer(client, serde.ValueSerde, jsonschema.NewDeserializerConfig())
	must(err)
	var decoded Order
	must(deserializer.DeserializeInto("any", bytes, &decoded))
	return decoded
}

func refused(subject, file, kind string) {
	_, err := client.Register(subject, schemaregistry.SchemaInfo{Schema: text(file), SchemaType: kind}, false)
	var refusal *rest.Error
	check(errors.As(err, &refusal) && refusal.Code == 40901, "not refused with 40901")
}

func main() {
	if os.Args[1] == "read" {
		exchangeRead("avro", avroDecode)
		exchangeRead("json", jsonDecode)
		exchangeRead("protobuf", protoDecode)
		return
	}
	for _, format := range []struct{ name, kind, extension string }{{"avro", "AVRO", "avsc"}, {"json", "JSON", "json"}} {
		subject := me + "-" + format.name + "-value"
		register := func(version string) int {
			info := schemaregistry.SchemaInfo{Schema: text("order." + version + "." + format.extension), SchemaType: format.kind}
			id, err := client.Register(subject, info, false)
			must(err)
			return id
		}
		shows(format.name+": a schema is registered and evolves", func() {
			first := register("v1")
			second := register("v2")
			check(first != second && register("v1") == first, "ids")
			latest, err := client.GetLatestSchemaMetadata(subject)
			must(err)
			check(latest.Version == 2 && latest.ID == second, "latest")
		})
		shows(format.name+": a breaking version is refused with 409", func() {
			refused(subject, "order.breaking."+format.extension, format.kind)
		})
	}
	shows("avro: a message goes out and comes back", func() {
		config := avrov2.NewSerializerConfig()
		config.AutoRegisterSchemas = false
		config.UseLatestVersion = true
		serializer, err := avrov2.NewSerializer(client, serde.ValueSerde, config)
		must(err)
		bytes, err := serializer.Serialize(me+"-avro", &OrderV2{order.OrderID, order.Amount, order.Items, ""})
		must(err)
		exchangeWrite(me, "avro", bytes)
		same(avroDecode(bytes))
	})
	shows("json: a message goes out and comes back", func() {
		config := jsonschema.NewSerializerConfig()
		config.AutoRegisterSchemas = false
		config.UseLatestVersion = true
		config.EnableValidation = true
		serializer, err := jsonschema.NewSerializer(client, serde.ValueSerde, config)
		must(err)
		bytes, err := serializer.Serialize(me+"-json", &order)
		must(err)
		exchangeWrite(me, "json", bytes)
		same(jsonDecode(bytes))
	})
	shows("json: a serializer registers the schema of its type", func() {
		serializer, err := jsonschema.NewSerializer(client, serde.ValueSerde, jsonschema.NewSerializerConfig())
		must(err)
		_, err = serializer.Serialize(me+"-auto-json", &order)
		must(err)
	})
	shows("protobuf: the descriptor is registered, evolves, goes out and comes back", func() {
		for _, version := range []string{"v1", "v2"} {
			serializer, err := protobuf.NewSerializer(client, serde.ValueSerde, protobuf.NewSerializerConfig())
			must(err)
			bytes, err := serializer.Serialize(me+"-protobuf", protoOrder(version))
			must(err)
			check(bytes[5] == 2 && bytes[6] == 2, "the second message of the file has index [1]")
			same(protoDecode(bytes))
			exchangeWrite(me, "protobuf", bytes)
		}
	})
	shows("protobuf: a breaking version is refused with 409", func() {
		refused(me+"-protobuf-value", "order.breaking.proto", "PROTOBUF")
	})
	shows("a check says no without registering", func() {
		info := schemaregistry.SchemaInfo{Schema: text("order.breaking.avsc"), SchemaType: "AVRO"}
		compatible, err := newClient().TestSubjectCompatibility(me+"-avro-value", info)
		must(err)
		check(!compatible, "compatible")
	})
	shows("a subject is deleted, softly and for ever", func() {
		subject := me + "-deleted-value"
		_, err := client.Register(subject, schemaregistry.SchemaInfo{Schema: text("order.v1.avsc"), SchemaType: "AVRO"}, false)
		must(err)
		_, err = client.DeleteSubject(subject, false)
		must(err)
		_, err = client.DeleteSubject(subject, true)
		must(err)
	})
}
