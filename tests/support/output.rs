//! What a command said: both streams and the exit status, as one text that a snapshot can hold.

use std::fmt;

use serde_json::Value;

/// What a command said, with what is random in it replaced: ids are `<ID1>`, journal commits `<REV>`, the
/// sandbox `$SANDBOX`.
#[must_use = "compare it with a snapshot, or say .success() or .fails()"]
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Output {
    pub(crate) stdout: String,
    pub(crate) stderr: String,
    pub(crate) code: Option<i32>,
    /// What stdout was before anything was replaced.
    pub(crate) raw: Vec<u8>,
    /// What stderr was before anything was replaced.
    pub(crate) raw_stderr: Vec<u8>,
}

impl Output {
    /// Holds that it went well, and returns what it answered.
    #[track_caller]
    pub(crate) fn success(self) -> String {
        assert_eq!(self.code, Some(0), "{self}");
        self.raw_text()
    }

    /// Holds that it failed with `code` without a panic, and returns what it complained.
    #[track_caller]
    pub(crate) fn fails(self, code: i32) -> String {
        assert_eq!(self.code, Some(code), "{self}");
        assert!(self.stderr.contains("error: "), "a failure says why: {self}");
        self.stderr
    }

    /// Holds that both streams are empty and all went well.
    #[track_caller]
    pub(crate) fn silent(self) {
        assert_eq!(self.to_string(), "", "it was to be silent");
    }

    /// The answer with nothing replaced.
    pub(crate) fn raw_text(&self) -> String {
        String::from_utf8(self.raw.clone()).expect("an answer is UTF-8")
    }

    /// The answer in JSON.
    #[track_caller]
    pub(crate) fn json(self) -> Value {
        serde_json::from_str(&self.success()).expect("an answer is JSON")
    }

    /// The list that the answer in JSON is.
    #[track_caller]
    pub(crate) fn list(self) -> Vec<Value> {
        self.json()["data"].as_array().expect("a list").clone()
    }

    /// The whole id that a recording verb prints.
    #[track_caller]
    pub(crate) fn id(self) -> String {
        let text = self.success();
        let id = text.trim();
        assert!(id.len() == 16 && id.bytes().all(|b| (b'k'..=b'z').contains(&b)), "an id: {text:?}");
        id.to_owned()
    }
}

/// The titles of what a list holds, sorted.
pub(crate) fn titles(list: &[Value]) -> Vec<String> {
    let mut titles: Vec<String> = list.iter().map(|one| one["title"].as_str().unwrap().to_owned()).collect();
    titles.sort();
    titles
}

impl fmt::Display for Output {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.stdout)?;
        if !self.stderr.is_empty() {
            write!(f, "------- stderr -------\n{}", self.stderr)?;
        }
        match self.code {
            Some(0) => Ok(()),
            Some(code) => write!(f, "[exit status: {code}]"),
            None => write!(f, "[killed]"),
        }
    }
}
