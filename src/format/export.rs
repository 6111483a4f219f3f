//! A journal as documents: what is exported, in which form, and what the finished form says.

use serde_json::{Map, Value as Json};
use toml_edit::{DocumentMut, Item, Value};

use super::record::write;
use super::redact::{Piece, Redactor};

/// Keys and words of the format: they stand in every export and tell nothing.
const WORDS: &str = "\
    about adopters after answer answers artifact author authored baseline before bet bet_kind bets calendar \
    candidate capabilities capability carried_to caveat change_id checkins claim claims closed commit_type \
    confidence conflict context continues counts created date decision decisions default dimension dimensions \
    direction evidence evidence_kind examples export field filter finding fiscal_year_start format gate guide \
    happened id journal keys kind known later legibility lens lenses looks_like measure message metric name \
    nearest never next note objective objectives outcome outcomes owner patch_id path period place proof proofs \
    question questions rating reach reading reason record recorded records redacted ref reference repo resume \
    review reviews revision rule rules says scope section sections serves severity shared slug source stance \
    stances statement status stream subject target text thresholds title toml trailer traits trap trap_when type \
    unit until url value verb verdict verdicts version why word words work year_named_after";

/// Keys whose text is a day or a moment.
const DATES: [&str; 6] = ["happened", "recorded", "date", "authored", "created", "until"];

/// True for a key that every journal has.
pub(super) fn is_format_word(key: &str) -> bool {
    WORDS.split(' ').any(|word| word == key)
}

/// True for a day or a moment under a key that holds one.
pub(super) fn is_date(key: &str, text: &str) -> bool {
    DATES.contains(&key) && text.parse::<toml_edit::Datetime>().is_ok()
}

/// A file of the journal.
#[derive(Clone, Debug, PartialEq)]
pub struct Document {
    /// Its path in the journal's tree.
    pub path: String,
    /// What it says.
    pub value: Map<String, Json>,
}

impl Document {
    /// Reads a file. Comments are not kept. `None` when it is no TOML.
    pub fn read(path: &str, text: &str) -> Option<Self> {
        let document: DocumentMut = text.parse().ok()?;
        Some(Self { path: path.to_owned(), value: table(document.as_table()) })
    }

    /// The same without anything that rules name, its path included.
    #[must_use]
    pub fn redacted(self, redactor: &Redactor) -> Self {
        let value = match redactor.json("", Json::Object(self.value)) {
            Json::Object(value) => value,
            _ => Map::new(),
        };
        let segment = |segment: &str| {
            let (name, ending) = segment.strip_suffix(".toml").map_or((segment, ""), |name| (name, ".toml"));
            let (date, id) = name.split_at_checked(11).filter(|(date, _)| is_day(date)).unwrap_or(("", name));
            let kept = is_format_word(id) || id.bytes().all(|b| b.is_ascii_digit() || b == b'-');
            // A pseudonym is safe in a path; what stood there was.
            format!("{date}{}{ending}", if kept { id.to_owned() } else { redactor.text(id) })
        };
        Self { path: self.path.split('/').map(segment).collect::<Vec<_>>().join("/"), value }
    }

    /// The file as TOML.
    pub fn toml(&self) -> String {
        write(&self.value)
    }

    /// What it says, value by value, and keys that are not the format's own.
    pub fn pieces(&self) -> Vec<Piece> {
        let mut pieces = Vec::new();
        for segment in self.path.split('/') {
            let name = segment.strip_suffix(".toml").unwrap_or(segment);
            let id = name.split_at_checked(11).filter(|(date, _)| is_day(date)).map_or(name, |(_, id)| id);
            if !is_format_word(id) && !id.bytes().all(|b| b.is_ascii_digit() || b == b'-') {
                pieces.push(Piece { place: self.path.clone(), text: id.to_owned() });
            }
        }
        said(&self.path, "", &Json::Object(self.value.clone()), &mut pieces);
        pieces
    }
}

/// `yyyy-mm-dd-` before an id.
fn is_day(date: &str) -> bool {
    date.len() == 11 && date.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-')
}

/// All documents as one JSON value.
pub fn to_json(documents: &[Document], revision: Option<&str>) -> Json {
    let records = documents
        .iter()
        .map(|one| serde_json::json!({ "path": one.path, "record": Json::Object(one.value.clone()) }));
    let mut export = Map::new();
    export.insert("export".into(), "git-okr".into());
    export.insert("version".into(), 1.into());
    match revision {
        Some(revision) => export.insert("revision".into(), revision.into()),
        None => export.insert("redacted".into(), true.into()),
    };
    export.insert("records".into(), records.collect());
    Json::Object(export)
}

/// Reads the documents of such a value again, as the leak check does.
pub fn from_json(text: &str) -> Option<Vec<Document>> {
    let export: Json = serde_json::from_str(text).ok()?;
    let read = |one: &Json| {
        let path = one.get("path")?.as_str()?.to_owned();
        Some(Document { path, value: one.get("record")?.as_object()?.clone() })
    };
    export.get("records")?.as_array()?.iter().map(read).collect()
}

/// What a Markdown document says, line by line: without escapes, and without labels of ours.
pub fn markdown_pieces(text: &str) -> Vec<Piece> {
    let label = |label: &str| {
        label
            .split([' ', '.'])
            .all(|word| is_format_word(word) || word.bytes().all(|byte| byte.is_ascii_digit()))
    };
    let line = |(at, line): (usize, &str)| {
        let mut plain = String::with_capacity(line.len());
        let mut chars = line.chars().peekable();
        while let Some(c) = chars.next() {
            if c != '\\' || !chars.peek().is_some_and(char::is_ascii_punctuation) {
                plain.push(c);
            }
        }
        let said = plain.strip_prefix("**").and_then(|rest| rest.split_once(":**"));
        let said = said.filter(|(key, _)| label(key)).map_or(plain.as_str(), |(_, said)| said);
        let said = said.trim_start_matches(['#', ' ']);
        (!label(said)).then(|| Piece { place: format!("line {}", at + 1), text: said.to_owned() })
    };
    text.lines().enumerate().filter_map(line).collect()
}

fn said(path: &str, key: &str, value: &Json, pieces: &mut Vec<Piece>) {
    let mut say = |text: String| pieces.push(Piece { place: format!("{path}, {key}"), text });
    match value {
        Json::String(text) if is_date(key, text) => {}
        Json::String(text) => say(text.clone()),
        Json::Number(number) => {
            let text = number.to_string();
            say(text.strip_suffix(".0").unwrap_or(&text).to_owned());
        }
        Json::Array(items) => items.iter().for_each(|item| said(path, "", item, pieces)),
        Json::Object(object) => {
            for (key, value) in object {
                if !is_format_word(key) {
                    pieces.push(Piece { place: path.to_owned(), text: key.clone() });
                }
                said(path, key, value, pieces);
            }
        }
        Json::Null | Json::Bool(_) => {}
    }
}

fn table(table: &dyn toml_edit::TableLike) -> Map<String, Json> {
    table.iter().filter_map(|(key, item)| Some((key.to_owned(), json(item)?))).collect()
}

fn json(item: &Item) -> Option<Json> {
    Some(match item {
        Item::None => return None,
        Item::Value(value) => scalar(value),
        Item::Table(inner) => Json::Object(table(inner)),
        Item::ArrayOfTables(list) => list.iter().map(|one| Json::Object(table(one))).collect(),
    })
}

fn scalar(value: &Value) -> Json {
    match value {
        Value::String(text) => text.value().as_str().into(),
        Value::Integer(number) => (*number.value()).into(),
        Value::Float(number) => (*number.value()).into(),
        Value::Boolean(flag) => (*flag.value()).into(),
        Value::Datetime(date) => date.value().to_string().into(),
        Value::Array(items) => items.iter().map(scalar).collect(),
        Value::InlineTable(inner) => Json::Object(table(inner)),
    }
}
