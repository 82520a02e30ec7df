# confluent-kafka: its Avro, JSON Schema and Protobuf serializers and deserializers.
import functools
import json
import os
import sys
import traceback
from pathlib import Path

from confluent_kafka.schema_registry import (
    Rule,
    RuleKind,
    RuleMode,
    RuleSet,
    Schema,
    SchemaRegistryClient,
)
from confluent_kafka.schema_registry.avro import AvroDeserializer, AvroSerializer
from confluent_kafka.schema_registry.error import SchemaRegistryError
from confluent_kafka.schema_registry.json_schema import JSONDeserializer, JSONSerializer
from confluent_kafka.schema_registry.protobuf import ProtobufDeserializer, ProtobufSerializer
from confluent_kafka.schema_registry.rules.cel.cel_executor import CelExecutor
from confluent_kafka.serialization import MessageField, SerializationContext
from google.protobuf import descriptor_pb2, descriptor_pool, message_factory

ME = "python"
ORDER = {"orderId": "o-1", "amount": 12.5, "items": ["pen", "ink"]}
EXCHANGE = Path(os.environ["EXCHANGE"])
client = SchemaRegistryClient({"url": os.environ["REGISTRY_URL"]})


def text(file):
    return (Path(os.environ["SCHEMAS"]) / file).read_text()


def context(topic):
    return SerializationContext(topic, MessageField.VALUE)


def shows(name, behaviour, *args):
    try:
        behaviour(*args)
        print(json.dumps({"name": name, "ok": True}))
    except Exception:
        print(json.dumps({"name": name, "ok": False, "reason": traceback.format_exc()}))


@functools.cache
def order_class(version):
    files = descriptor_pb2.FileDescriptorSet()
    files.ParseFromString((Path(os.environ["DESCRIPTORS"]) / f"order.{version}.binpb").read_bytes())
    pool = descriptor_pool.DescriptorPool()
    for file in files.file:
        pool.Add(file)
    return message_factory.GetMessageClass(pool.FindMessageTypeByName("shop.clients.Order"))


def proto_order(version):
    cls = order_class(version)
    return cls(order_id=ORDER["orderId"], amount=ORDER["amount"], items=ORDER["items"])


def check_proto(message):
    assert message.order_id == ORDER["orderId"] and message.amount == ORDER["amount"]
    assert list(message.items) == ORDER["items"]


def check(value):
    assert {key: value[key] for key in ORDER} == ORDER, value


LATEST = {"auto.register.schemas": False, "use.latest.version": True}


def serializer(kind, conf):
    if kind == "avro":
        return AvroSerializer(client, text("order.v1.avsc"), conf=conf)
    return JSONSerializer(text("order.v1.json"), client, conf=conf)


def deserializer(kind):
    if kind == "avro":
        return AvroDeserializer(client)
    if kind == "json":
        return JSONDeserializer(None, schema_registry_client=client)
    # A consumer's client: one that registered a descriptor keeps the answer's text in the place of the descriptor.
    consumer = SchemaRegistryClient({"url": os.environ["REGISTRY_URL"]})
    return ProtobufDeserializer(order_class("v2"), {"use.deprecated.format": False}, consumer)


def refused(subject, schema):
    try:
        client.register_schema(subject, schema)
    except SchemaRegistryError as error:
        assert error.http_status_code == 409 and error.error_code == 40901, error
        return
    raise AssertionError("was not refused")


def write():
    for kind, schema_type, extension in [("avro", "AVRO", "avsc"), ("json", "JSON", "json")]:
        subject = f"{ME}-{kind}-value"

        def evolves():
            first = client.register_schema(subject, Schema(text(f"order.v1.{extension}"), schema_type))
            again = client.register_schema(subject, Schema(text(f"order.v1.{extension}"), schema_type))
            assert first == again
            second = client.register_schema(subject, Schema(text(f"order.v2.{extension}"), schema_type))
            assert client.get_latest_version(subject).schema_id == second
            assert client.get_versions(subject) == [1, 2]

        def round_trip():
            value = dict(ORDER, note="") if kind == "avro" else ORDER
            data = serializer(kind, LATEST)(value, context(f"{ME}-{kind}"))
            (EXCHANGE / f"{ME}.{kind}.bin").write_bytes(data)
            check(deserializer(kind)(data, context(f"{ME}-{kind}")))

        def registers_itself():
            serializer(kind, {"auto.register.schemas": True})(ORDER, context(f"{ME}-auto-{kind}"))
            assert client.get_latest_version(f"{ME}-auto-{kind}-value").version == 1

        shows(f"{kind}: a schema is registered and evolves", evolves)
        shows(f"{kind}: a breaking version is refused with 409", refused, subject,
              Schema(text(f"order.breaking.{extension}"), schema_type))
        shows(f"{kind}: a message goes out and comes back", round_trip)
        shows(f"{kind}: a serializer registers its schema by itself", registers_itself)

    def protobuf():
        for version in ("v1", "v2"):
            conf = {"use.deprecated.format": False}
            data = ProtobufSerializer(order_class(version), client, conf)(proto_order(version), context(f"{ME}-protobuf"))
            assert data[5:7] == b"\x02\x02", "the second message of the file has index [1]"
            check_proto(deserializer("protobuf")(data, context(f"{ME}-protobuf")))
        (EXCHANGE / f"{ME}.protobuf.bin").write_bytes(data)

    shows("protobuf: the descriptor is registered, evolves, goes out and comes back", protobuf)
    shows("protobuf: a breaking version is refused with 409", refused, f"{ME}-protobuf-value",
          Schema(text("order.breaking.proto"), "PROTOBUF"))

    def settings():
        assert client.set_compatibility(f"{ME}-avro-value", "FULL")["compatibility"] == "FULL"
        assert client.get_compatibility(f"{ME}-avro-value") == "FULL"
        assert not client.test_compatibility(f"{ME}-avro-value", Schema(text("order.breaking.avsc"), "AVRO"))
        client.set_compatibility(f"{ME}-avro-value", "BACKWARD")

    shows("levels are set and asked for, and a check says no", settings)

    def cel():
        rule = Rule("positive", "", RuleKind.CONDITION, RuleMode.WRITE, "CEL", None, None, "message.amount > 0.0",
                    None, None, False)
        client.register_schema(f"{ME}-cel-value", Schema(text("order.v1.avsc"), "AVRO", [], None, RuleSet(None, [rule])))
        CelExecutor.register()
        guarded = serializer("avro", LATEST)
        guarded(ORDER, context(f"{ME}-cel"))
        try:
            guarded(dict(ORDER, amount=-1.0), context(f"{ME}-cel"))
        except Exception:
            return
        raise AssertionError("a bad order passed")

    shows("a CEL condition of the registered rule set stops bad orders", cel)

    def deletion():
        subject = f"{ME}-deleted-value"
        client.register_schema(subject, Schema(text("order.v1.avsc"), "AVRO"))
        assert client.delete_subject(subject) == [1]
        assert subject not in client.get_subjects()
        assert client.delete_subject(subject, permanent=True) == [1]

    shows("a subject is deleted, softly and for ever", deletion)


def read():
    for kind in ("avro", "json", "protobuf"):
        reader = deserializer(kind)
        for file in sorted(EXCHANGE.glob(f"*.{kind}.bin")):
            def decode():
                value = reader(file.read_bytes(), context("any"))
                (check_proto if kind == "protobuf" else check)(value)
            shows(f"{kind}: reads what {file.name.split('.')[0]} wrote", decode)


write() if sys.argv[1] == "write" else read()
