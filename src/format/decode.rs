//! TOML text to values, with errors that name the line and the key at fault.

use serde::de::DeserializeOwned;

use crate::model::Text;

/// Why a TOML text could not be read, and where.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}{message}", .line.map(|line| format!("line {line}: ")).unwrap_or_default())]
pub struct DecodeError {
    /// The line, from 1.
    pub line: Option<usize>,
    /// The key on that line.
    pub key: Option<Text>,
    /// What is wrong. It may quote the text: print it through a sanitiser.
    pub message: String,
}

/// Reads a value from TOML text.
pub fn from_toml<T: DeserializeOwned>(text: &str) -> Result<T, DecodeError> {
    toml::from_str(text).map_err(|error| locate(text, &error))
}

fn locate(text: &str, error: &toml::de::Error) -> DecodeError {
    let start = error.span().map(|span| span.start).filter(|start| *start <= text.len());
    // A missing field has the span of its whole table; at the top that is the whole text, which names no line.
    let missing = error.message().starts_with("missing field");
    let line = start
        .filter(|start| !(missing && *start == 0))
        .map(|start| text.as_bytes()[..start].iter().filter(|byte| **byte == b'\n').count() + 1);
    let key = if missing {
        error.message().split('`').nth(1).map(Text::from)
    } else {
        line.and_then(|line| text.lines().nth(line - 1))
            .and_then(|line| line.split_once('='))
            .map(|(key, _)| Text::from(key.trim()))
    };
    DecodeError { line, key, message: error.message().to_owned() }
}

#[cfg(test)]
mod tests {
    use super::from_toml;
    use crate::model::CheckIn;

    #[test]
    fn errors_name_line_and_key() {
        let good = "id = \"kkkkkkkkkkkkkkkk\"\nbet = \"kkkkkkkkkkkkkkkk\"\ndate = 2026-11-03\nstatus = \"on-track\"\n\
                    recorded = 2026-11-03T09:30:00+01:00\n";
        assert!(from_toml::<CheckIn>(good).is_ok());
        for (text, line, key) in [
            (good.replace("on-track", "fine"), Some(4), Some("status")),
            (good.replace("2026-11-03\n", "2026-02-30\n"), Some(3), Some("date")),
            (format!("{good}confidence = 140\n"), Some(6), Some("confidence")),
            (good.replace("date = 2026-11-03\n", ""), None, Some("date")),
            (good.replace("status = \"on-track\"", "<<<<<<< ours"), Some(4), None),
        ] {
            let error = from_toml::<CheckIn>(&text).unwrap_err();
            assert_eq!((error.line, error.key.as_ref().map(|key| key.raw())), (line, key), "{error}");
        }
    }
}
