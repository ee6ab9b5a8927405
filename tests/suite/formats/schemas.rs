//! The output validated by the JSON Schemas, with unknown keys denied and every key required.

use arxcat::format::{schema, schema_names};
use arxcat::model::finding::Verdict;
use arxcat::model::ledger::{LedgerEntry, RecordOrigin, Status};
use arxcat::model::paper::{KEYS, Paper, Source};
use arxcat::model::{count::Count, id::ArxivId};
use boon::{Compiler, Draft, SchemaIndex, Schemas};
use serde_json::{Value, json};

/// A schema, compiled.
struct Held {
    schemas: Schemas,
    index: SchemaIndex,
}

impl Held {
    fn to(name: &str) -> Self {
        let document: Value = serde_json::from_str(schema(name).unwrap()).unwrap();
        let (mut schemas, mut compiler) = (Schemas::new(), Compiler::new());
        compiler.set_default_draft(Draft::V2020_12);
        let address = format!("urn:schema:{name}");
        compiler.add_resource(&address, document).unwrap();
        let index = compiler.compile(&address, &mut schemas).unwrap();
        Self { schemas, index }
    }

    fn takes(&self, value: &Value) -> bool {
        self.schemas.validate(value, self.index).is_ok()
    }

    #[track_caller]
    fn must_take(&self, value: &Value) {
        if let Err(error) = self.schemas.validate(value, self.index) {
            panic!("{error:#}\n{value:#}");
        }
    }

    /// No key may be missing and none may come to it, at any depth.
    #[track_caller]
    fn must_know_every_key_of(&self, value: &Value) {
        self.must_take(value);
        for path in objects(value, String::new()) {
            let mut more = value.clone();
            more.pointer_mut(&path).unwrap()["unheard_of"] = json!(null);
            assert!(!self.takes(&more), "a key more at `{path}`");
            for key in value.pointer(&path).unwrap().as_object().unwrap().keys() {
                let mut less = value.clone();
                less.pointer_mut(&path)
                    .unwrap()
                    .as_object_mut()
                    .unwrap()
                    .remove(key);
                assert!(!self.takes(&less), "without `{path}/{key}`");
            }
        }
    }
}

/// The paths of all objects in a value.
fn objects(value: &Value, path: String) -> Vec<String> {
    let mut paths = Vec::new();
    let inside: Vec<(String, &Value)> = match value {
        Value::Object(map) => map.iter().map(|(key, value)| (key.clone(), value)).collect(),
        Value::Array(items) => items
            .iter()
            .enumerate()
            .map(|(at, value)| (at.to_string(), value))
            .collect(),
        _ => return paths,
    };
    for (key, value) in inside {
        paths.extend(objects(value, format!("{path}/{key}")));
    }
    if value.is_object() {
        paths.push(path);
    }
    paths
}

#[test]
fn there_is_a_schema_for_each_noun() {
    let names: Vec<_> = schema_names().collect();
    assert_eq!(
        names,
        ["paper", "ledger", "finding", "reference", "count", "check"]
    );
    for name in names {
        assert!(schema(name).unwrap().ends_with("}\n"));
    }
    assert_eq!(schema("papers"), None);
}

#[test]
fn papers_full_and_empty_hold_to_the_schema() {
    let held = Held::to("paper");
    for paper in super::papers() {
        held.must_take(&serde_json::to_value(&paper).unwrap());
    }
    held.must_know_every_key_of(&serde_json::to_value(&super::papers()[0]).unwrap());
    let empty = Paper::new(ArxivId::parse("hep-th/9901001v2").unwrap(), "");
    held.must_know_every_key_of(&serde_json::to_value(&empty).unwrap());
    for source in [
        Source::Catalog,
        Source::Api,
        Source::Oai,
        Source::Rss,
        Source::File,
    ] {
        let mut paper = empty.clone();
        paper.source = source;
        held.must_take(&serde_json::to_value(&paper).unwrap());
    }
}

#[test]
fn the_schema_lists_the_keys_in_the_order_of_the_record() {
    let document: Value = serde_json::from_str(schema("paper").unwrap()).unwrap();
    let keys: Vec<_> = document["properties"].as_object().unwrap().keys().collect();
    assert_eq!(keys, KEYS);
}

#[test]
fn the_schema_refuses_what_no_record_may_say() {
    let held = Held::to("paper");
    let good = serde_json::to_value(&super::papers()[0]).unwrap();
    let wrong = [
        ("id", json!("2401.01234v2")),
        ("id", json!("math.GT/0309136")),
        ("version", json!(0)),
        ("title", json!(null)),
        ("published", json!("2024-01-02T18:59:01+00:00")),
        ("published", json!("2024")),
        ("source", json!("arxiv")),
        ("url", json!("http://example.org/")),
        ("categories", json!(null)),
    ];
    for (key, value) in wrong {
        let mut paper = good.clone();
        paper[key] = value.clone();
        assert!(!held.takes(&paper), "{key}: {value}");
    }
}

#[test]
fn every_status_verdict_and_count_holds_to_its_schema() {
    use Status::{
        Deleted, Failed, Found, Interrupted, Malformed, NotFound, Refused, Skipped, Unavailable, Withdrawn,
    };
    let ledger = Held::to("ledger");
    for status in [
        Found,
        Skipped,
        Withdrawn,
        Deleted,
        NotFound,
        Malformed,
        Refused,
        Unavailable,
        Failed,
        Interrupted,
    ] {
        let known = status != Malformed;
        let line = LedgerEntry {
            input: "2401.01234v2".into(),
            id: known.then(|| ArxivId::parse("2401.01234v2").unwrap()),
            status,
            source: known.then_some(RecordOrigin::Api),
            message: (!known).then(|| "why".into()),
        };
        ledger.must_know_every_key_of(&serde_json::to_value(&line).unwrap());
    }
    let sources = [
        Source::Catalog,
        Source::Api,
        Source::Oai,
        Source::Rss,
        Source::File,
    ];
    for source in sources
        .map(RecordOrigin::from)
        .into_iter()
        .chain([RecordOrigin::Library])
    {
        let line = LedgerEntry {
            input: "2401.01234".into(),
            id: ArxivId::parse("2401.01234").ok(),
            status: Found,
            source: Some(source),
            message: None,
        };
        ledger.must_take(&serde_json::to_value(&line).unwrap());
    }
    let finding = Held::to("finding");
    for verdict in [
        Verdict::Differs,
        Verdict::NotFound,
        Verdict::Superseded,
        Verdict::Withdrawn,
        Verdict::CatalogLacks,
        Verdict::ArxivLacks,
        Verdict::Discovered,
    ] {
        let mut found = super::some_findings().remove(0);
        found.verdict = verdict;
        finding.must_know_every_key_of(&serde_json::to_value(&found).unwrap());
    }
    for found in super::some_findings() {
        finding.must_take(&serde_json::to_value(&found).unwrap());
    }
    let held = Held::to("count");
    for by in ["year", "month", "area", "category", "author", "tag"] {
        for key in [None, Some("x".to_owned())] {
            let count = Count { by, key, count: 3 };
            held.must_know_every_key_of(&serde_json::to_value(&count).unwrap());
        }
    }
}
