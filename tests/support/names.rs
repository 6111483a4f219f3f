//! Random names made steady: the n-th id that a test gets to see is `<IDn>`, every journal commit is `<REV>`.

use std::collections::BTreeSet;

/// Ids in the order in which a test met them.
#[derive(Debug, Default)]
pub(crate) struct Names {
    /// All ids that exist; only what begins one of them is replaced, never a word that merely looks like it.
    pub(crate) known: BTreeSet<String>,
    /// Objects of the journal.
    pub(crate) objects: BTreeSet<String>,
    met: Vec<String>,
}

impl Names {
    /// `text` with ids, their beginnings and journal objects replaced.
    pub(crate) fn steady(&mut self, text: &str) -> String {
        let mut steady = String::with_capacity(text.len());
        let mut rest = text;
        while let Some(start) = rest.find(|c: char| c.is_ascii_alphanumeric()) {
            steady.push_str(&rest[..start]);
            let word = &rest[start..];
            let end = word.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(word.len());
            let (word, after) = word.split_at(end);
            // A draft's file ends in six random letters.
            let draft = steady.ends_with('-') && after.starts_with(".toml") && word.len() == 6;
            steady.push_str(&if draft { "<DRAFT>".to_owned() } else { self.name(word) });
            rest = after;
        }
        steady + rest
    }

    fn name(&mut self, word: &str) -> String {
        let letters = word.bytes().all(|b| (b'k'..=b'z').contains(&b));
        if letters && word.len() >= 4 {
            let whole = word.len() == 16;
            let found = self.known.iter().find(|id| id.starts_with(word)).cloned();
            if let Some(id) = found.or_else(|| whole.then(|| word.to_owned())) {
                return format!("<ID{}>", self.place(&id));
            }
        }
        if word.len() >= 7 && self.objects.iter().any(|object| object.starts_with(word)) {
            return "<REV>".into();
        }
        word.to_owned()
    }

    fn place(&mut self, id: &str) -> usize {
        let place = self.met.iter().position(|met| met == id).unwrap_or_else(|| {
            self.met.push(id.to_owned());
            self.met.len() - 1
        });
        place + 1
    }
}
