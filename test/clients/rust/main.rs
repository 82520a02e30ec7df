//! schema_registry_converter: Avro and JSON Schema through the blocking client.
use apache_avro::types::Value as Avro;
use schema_registry_converter::blocking::avro::{AvroDecoder, AvroEncoder};
use schema_registry_converter::blocking::json::{JsonDecoder, JsonEncoder};
use schema_registry_converter::blocking::schema_registry::{
    get_all_versions, is_compatible_schema, post_schema, SrSettings,
};
use schema_registry_converter::schema_registry_common::{SchemaType, SubjectNameStrategy, SuppliedSchema};
use serde_json::{json, Value as Json};
use std::{env, fs, path::PathBuf};

const ME: &str = "rust";
type Shown = Result<(), String>;

fn main() {
    let settings = SrSettings::new(env::var("REGISTRY_URL").unwrap());
    if env::args().nth(1).as_deref() == Some("read") {
        read(settings)
    } else {
        write(settings)
    }
}

fn write(settings: SrSettings) {
    for (format, kind, extension) in [("avro", SchemaType::Avro, "avsc"), ("json", SchemaType::Json, "json")] {
        let subject = format!("{ME}-{format}-value");
        let supplied = |version: &str| {
            let text = fs::read_to_string(folder("SCHEMAS").join(format!("order.{version}.{extension}"))).unwrap();
            SuppliedSchema::new(Some("shop.clients.Order".into()), kind.clone(), text)
        };
        shows(&format!("{format}: a schema is registered and evolves"), || {
            let first = post_schema(&settings, subject.clone(), supplied("v1")).map_err(text)?;
            let second = post_schema(&settings, subject.clone(), supplied("v2")).map_err(text)?;
            check(first.id != second.id, "two schemas, one id")?;
            let versions = get_all_versions(&settings, subject.clone()).map_err(text)?;
            check(versions == [1, 2], "versions")
        });
        shows(&format!("{format}: a breaking version is refused"), || {
            let compatible = is_compatible_schema(&settings, subject.clone(), supplied("breaking")).map_err(text)?;
            check(!compatible, "the check says yes")?;
            check(post_schema(&settings, subject.clone(), supplied("breaking")).is_err(), "it was registered")
        });
    }
    shows("avro: a message goes out and comes back", || {
        let items = Avro::Array(vec![Avro::String("pen".into()), Avro::String("ink".into())]);
        let fields = vec![
            ("orderId", Avro::String("o-1".into())),
            ("amount", Avro::Double(12.5)),
            ("items", items),
            ("note", Avro::String(String::new())),
        ];
        let strategy = SubjectNameStrategy::TopicNameStrategy(format!("{ME}-avro"), false);
        let bytes = AvroEncoder::new(settings.clone()).encode(fields, &strategy).map_err(text)?;
        fs::write(folder("EXCHANGE").join(format!("{ME}.avro.bin")), &bytes).map_err(|e| e.to_string())?;
        same_avro(&AvroDecoder::new(settings.clone()).decode(Some(&bytes)).map_err(text)?.value)
    });
    shows("json: a message goes out and comes back", || {
        let strategy = SubjectNameStrategy::TopicNameStrategy(format!("{ME}-json"), false);
        let bytes = JsonEncoder::new(settings.clone()).encode(&order(), &strategy).map_err(text)?;
        fs::write(folder("EXCHANGE").join(format!("{ME}.json.bin")), &bytes).map_err(|e| e.to_string())?;
        same_json(&settings, &bytes)
    });
}

fn read(settings: SrSettings) {
    for (writer, bytes) in messages("avro") {
        shows(&format!("avro: reads what {writer} wrote"), || {
            same_avro(&AvroDecoder::new(settings.clone()).decode(Some(&bytes)).map_err(text)?.value)
        });
    }
    for (writer, bytes) in messages("json") {
        shows(&format!("json: reads what {writer} wrote"), || same_json(&settings, &bytes));
    }
}

fn order() -> Json {
    json!({"orderId": "o-1", "amount": 12.5, "items": ["pen", "ink"]})
}

fn same_json(settings: &SrSettings, bytes: &[u8]) -> Shown {
    let decoded = JsonDecoder::new(settings.clone()).decode(Some(bytes)).map_err(text)?.ok_or("nothing decoded")?;
    let expected = order();
    let same = expected.as_object().unwrap().iter().all(|(key, value)| decoded.value.get(key) == Some(value));
    check(same, &format!("read {}", decoded.value))
}

fn same_avro(value: &Avro) -> Shown {
    let Avro::Record(fields) = value else { return Err(format!("read {value:?}")) };
    let field = |name: &str| fields.iter().find(|(key, _)| key == name).map(|(_, value)| value.clone());
    check(field("orderId") == Some(Avro::String("o-1".into())), "orderId")?;
    check(field("amount") == Some(Avro::Double(12.5)), "amount")?;
    let items = Avro::Array(vec![Avro::String("pen".into()), Avro::String("ink".into())]);
    check(field("items") == Some(items), "items")
}

fn messages(format: &str) -> Vec<(String, Vec<u8>)> {
    let ending = format!(".{format}.bin");
    let mut found: Vec<_> = fs::read_dir(folder("EXCHANGE"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter_map(|path| {
            let name = path.file_name()?.to_str()?.strip_suffix(&ending)?.to_string();
            Some((name, fs::read(&path).ok()?))
        })
        .collect();
    found.sort();
    found
}

fn folder(variable: &str) -> PathBuf {
    PathBuf::from(env::var(variable).unwrap())
}

fn text(error: impl std::fmt::Display) -> String {
    error.to_string()
}

fn check(holds: bool, what: &str) -> Shown {
    if holds { Ok(()) } else { Err(what.to_string()) }
}

/// Runs one behaviour and prints how it went.
fn shows(name: &str, behaviour: impl FnOnce() -> Shown) {
    match behaviour() {
        Ok(()) => println!("{{\"name\":{},\"ok\":true}}", json!(name)),
        Err(reason) => println!("{{\"name\":{},\"ok\":false,\"reason\":{}}}", json!(name), json!(reason)),
    }
}
