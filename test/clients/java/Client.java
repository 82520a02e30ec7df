// The Java client inside Flink's registry format: Confluent's own client under a relocated package, with Avro.
import java.io.ByteArrayOutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.apache.flink.avro.registry.confluent.shaded.io.confluent.kafka.schemaregistry.avro.AvroSchema;
import org.apache.flink.avro.registry.confluent.shaded.io.confluent.kafka.schemaregistry.client.CachedSchemaRegistryClient;
import org.apache.flink.avro.registry.confluent.shaded.io.confluent.kafka.schemaregistry.client.rest.exceptions.RestClientException;
import org.apache.flink.avro.shaded.org.apache.avro.Schema;
import org.apache.flink.avro.shaded.org.apache.avro.generic.GenericData;
import org.apache.flink.avro.shaded.org.apache.avro.generic.GenericDatumReader;
import org.apache.flink.avro.shaded.org.apache.avro.generic.GenericDatumWriter;
import org.apache.flink.avro.shaded.org.apache.avro.generic.GenericRecord;
import org.apache.flink.avro.shaded.org.apache.avro.io.BinaryEncoder;
import org.apache.flink.avro.shaded.org.apache.avro.io.DecoderFactory;
import org.apache.flink.avro.shaded.org.apache.avro.io.EncoderFactory;

public class Client {
  static final String SUBJECT = "java-avro-value";
  static final CachedSchemaRegistryClient client = newClient();

  static CachedSchemaRegistryClient newClient() {
    return new CachedSchemaRegistryClient(List.of(System.getenv("REGISTRY_URL")), 1000);
  }

  interface Behaviour {
    void run() throws Exception;
  }

  public static void main(String[] args) throws Exception {
    if (args[0].equals("write")) write();
    else read();
  }

  static void write() {
    shows("avro: a schema is registered, and again under the same id", () -> {
      int id = client.register(SUBJECT, schema("order.v1.avsc"));
      check(newClient().register(SUBJECT, schema("order.v1.avsc")) == id, "another id");
      check(newClient().getId(SUBJECT, schema("order.v1.avsc")) == id, "another id looked up");
    });
    shows("avro: a compatible version follows", () -> {
      int id = client.register(SUBJECT, schema("order.v2.avsc"));
      check(client.getLatestSchemaMetadata(SUBJECT).getId() == id, "not the latest");
      check(client.getAllVersions(SUBJECT).equals(List.of(1, 2)), "versions");
      check(client.testCompatibility(SUBJECT, schema("order.v1.avsc")), "v1 can still be read");
    });
    shows("avro: a breaking version is refused with 409", () -> {
      try {
        client.register(SUBJECT, schema("order.breaking.avsc"));
      } catch (RestClientException refused) {
        check(refused.getStatus() == 409, "status " + refused.getStatus());
        return;
      }
      throw new AssertionError("was not refused");
    });
    shows("avro: a message goes out and comes back", () -> {
      AvroSchema schema = schema("order.v2.avsc");
      GenericRecord order = new GenericData.Record(schema.rawSchema());
      order.put("orderId", "o-1");
      order.put("amount", 12.5);
      order.put("items", Arrays.asList("pen", "ink"));
      order.put("note", "");
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      out.write(0);
      out.write(ByteBuffer.allocate(4).putInt(client.getId(SUBJECT, schema)).array());
      BinaryEncoder encoder = EncoderFactory.get().directBinaryEncoder(out, null);
      new GenericDatumWriter<GenericRecord>(schema.rawSchema()).write(order, encoder);
      Files.write(Path.of(System.getenv("EXCHANGE"), "java.avro.bin"), out.toByteArray());
      decode(out.toByteArray());
    });
    shows("subjects and settings are listed", () -> {
      check(client.getAllSubjects().contains(SUBJECT), "no subject");
      check(client.updateCompatibility(SUBJECT, "FULL").equals("FULL"), "level");
      check(client.getCompatibility(SUBJECT).equals("FULL"), "level");
      client.updateCompatibility(SUBJECT, "BACKWARD");
    });
  }

  static void read() throws Exception {
    List<Path> files;
    try (var stream = Files.list(Path.of(System.getenv("EXCHANGE")))) {
      files = stream.filter(file -> file.toString().endsWith(".avro.bin")).sorted().toList();
    }
    for (Path file : files) {
      String writer = file.getFileName().toString().split("\\.")[0];
      shows("avro: reads what " + writer + " wrote", () -> decode(Files.readAllBytes(file)));
    }
  }

  static void decode(byte[] bytes) throws Exception {
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    check(buffer.get() == 0, "magic byte");
    Schema writer = ((AvroSchema) client.getSchemaById(buffer.getInt())).rawSchema();
    GenericRecord order = new GenericDatumReader<GenericRecord>(writer)
        .read(null, DecoderFactory.get().binaryDecoder(bytes, 5, bytes.length - 5, null));
    check(order.get("orderId").toString().equals("o-1"), "orderId");
    check(order.get("amount").equals(12.5), "amount");
    check(order.get("items").toString().equals("[pen, ink]"), "items " + order.get("items"));
  }

  static AvroSchema schema(String file) throws Exception {
    return new AvroSchema(Files.readString(Path.of(System.getenv("SCHEMAS"), file)));
  }

  static void check(boolean holds, String what) {
    if (!holds) throw new AssertionError(what);
  }

  static void shows(String name, Behaviour behaviour) {
    String reason = null;
    try {
      behaviour.run();
    } catch (Throwable problem) {
      StringWriter text = new StringWriter();
      problem.printStackTrace(new PrintWriter(text));
      reason = text.toString();
    }
    System.out.println("{\"name\":" + quoted(name) + ",\"ok\":" + (reason == null)
        + (reason == null ? "" : ",\"reason\":" + quoted(reason)) + "}");
  }

  static String quoted(String text) {
    return "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n").replace("\r", "").replace("\t", " ") + "\"";
  }
}
