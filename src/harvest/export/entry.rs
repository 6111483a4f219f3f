//! One entry of an export: fields that must be there, fields that may be, and words for what is wrong.

use chrono::{DateTime, Datelike};
use serde_json::{Map, Value};

use super::visible;
use crate::model::project::{Forge, ProjectRepo, WebRepo};
use crate::model::{Instant, Text};

/// An entry: an object at a place in the list.
pub(super) struct Entry<'a> {
    at: usize,
    fields: &'a Map<String, Value>,
}

impl<'a> Entry<'a> {
    pub(super) fn new(at: usize, value: &'a Value) -> Result<Self, String> {
        let fields = value.as_object().ok_or_else(|| format!("entry {} is not a pull request", at + 1))?;
        Ok(Self { at, fields })
    }

    /// `entry 3 (#12)`, for messages.
    pub(super) fn name(&self) -> String {
        let number = ["number", "iid"].into_iter().find_map(|name| self.fields.get(name)?.as_u64());
        let number = number.map(|number| format!(" (#{number})")).unwrap_or_default();
        format!("entry {}{number}", self.at + 1)
    }

    /// A field that has to be there, whatever it is.
    pub(super) fn need(&self, name: &str) -> Result<&'a Value, String> {
        self.fields.get(name).ok_or_else(|| format!("{} has no '{name}'", self.name()))
    }

    pub(super) fn has(&self, name: &str) -> bool {
        self.fields.contains_key(name)
    }

    /// A text that has to be there.
    pub(super) fn text(&self, name: &str) -> Result<Text, String> {
        let text = self.need(name)?.as_str().map(Text::from);
        text.filter(|text| !text.is_blank()).ok_or_else(|| format!("{}: '{name}' is not a text", self.name()))
    }

    /// A number from one on that has to be there.
    pub(super) fn number(&self, name: &str) -> Result<u64, String> {
        let number = self.need(name)?.as_u64().filter(|number| *number > 0);
        number.ok_or_else(|| format!("{}: '{name}' is not a number", self.name()))
    }

    /// A moment, when there is one: `null`, the beginning of all time and a field that is missing are none.
    pub(super) fn moment(&self, name: &str) -> Result<Option<Instant>, String> {
        let text = match self.fields.get(name) {
            None | Some(Value::Null) => return Ok(None),
            Some(Value::String(text)) => text.as_str(),
            Some(other) => return Err(format!("{}: '{name}' is not a date: {}", self.name(), short(other))),
        };
        let moment = DateTime::parse_from_rfc3339(text)
            .ok()
            .filter(|moment| moment.year() <= 9999)
            .ok_or_else(|| format!("{}: '{name}' is not a date: '{}'", self.name(), visible(text)))?;
        Ok((moment.year() >= 1970).then_some(Instant(moment)))
    }

    /// The account in an object that has to be there; an account that was deleted has no name.
    pub(super) fn account(&self, name: &str, inner: &str) -> Result<Text, String> {
        match self.need(name)? {
            Value::Null => Ok(Text::from("ghost")),
            value => value
                .get(inner)
                .and_then(Value::as_str)
                .map(Text::from)
                .ok_or_else(|| format!("{}: '{name}' has no '{inner}'", self.name())),
        }
    }

    /// A text that may be there.
    pub(super) fn maybe_text(&self, name: &str) -> Text {
        self.fields.get(name).and_then(Value::as_str).map(Text::from).unwrap_or_default()
    }

    /// A number that may be there.
    pub(super) fn maybe_number(&self, name: &str) -> Option<u64> {
        self.fields.get(name)?.as_u64()
    }

    /// True when an object that may be there says so.
    pub(super) fn says(&self, name: &str, inner: &str) -> bool {
        said(self.fields.get(name), inner)
    }

    /// A list that may be there.
    pub(super) fn maybe_list(&self, name: &str) -> Option<&'a Vec<Value>> {
        self.fields.get(name)?.as_array()
    }

    /// The repository of an address that ends in one of `marks` and the number.
    pub(super) fn repo(
        &self,
        name: &str,
        forge: Forge,
        marks: &[&str],
        number: u64,
    ) -> Result<ProjectRepo, String> {
        let url = self.text(name)?;
        repo_of(url.raw(), forge, marks, number)
            .ok_or_else(|| format!("{}: '{name}' is not its address: '{}'", self.name(), visible(url.raw())))
    }
}

/// True when an object says so.
pub(super) fn said(value: Option<&Value>, name: &str) -> bool {
    value.and_then(|value| value.get(name)).and_then(Value::as_bool) == Some(true)
}

/// Texts at `path` in each of `list` that has one.
pub(super) fn texts(list: Option<&Vec<Value>>, path: &[&str]) -> Vec<Text> {
    let found = list.into_iter().flatten().filter_map(|value| {
        path.iter()
            .try_fold(value, |value, name| value.get(name))?
            .as_str()
            .filter(|text| !text.trim().is_empty())
    });
    let mut texts: Vec<Text> = found.map(Text::from).collect();
    texts.sort();
    texts.dedup();
    texts
}

fn short(value: &Value) -> String {
    visible(&value.to_string())
}

/// `https://host/owner/name/pull/12`.
fn repo_of(url: &str, forge: Forge, marks: &[&str], number: u64) -> Option<ProjectRepo> {
    let (scheme, rest) = url.split_once("://").filter(|(scheme, _)| matches!(*scheme, "https" | "http"))?;
    let (authority, path) = rest.split_once('/')?;
    let path = marks.iter().find_map(|mark| path.strip_suffix(&format!("{mark}{number}")))?;
    let authority = authority.to_ascii_lowercase();
    let authority = authority.strip_prefix("www.").unwrap_or(&authority);
    let host = authority.split(':').next().unwrap_or_default();
    let plain = |c: u8| c.is_ascii_alphanumeric() || matches!(c, b'-' | b'_' | b'.');
    let segments: Vec<&str> = path.split('/').collect();
    let deep = if forge == Forge::GitHub { segments.len() == 2 } else { segments.len() >= 2 };
    let named = segments.iter().all(|one| {
        !matches!(*one, "" | "." | "..") && one.bytes().all(|c| plain(c) || matches!(c, b'~' | b'+'))
    });
    if !deep || !named || host.is_empty() || !authority.bytes().all(|c| plain(c) || c == b':') {
        return None;
    }
    let web = WebRepo { forge, root: format!("{scheme}://{authority}"), path: path.to_owned() };
    Some(ProjectRepo { web: Some(web), ..ProjectRepo::named(format!("{host}/{path}")) })
}
