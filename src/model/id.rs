//! Record ids: sixteen letters from `k` to `z`, and the shortest prefix that names one of a set.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize};
use sha2::{Digest, Sha256};

/// Letters in an id.
pub const LEN: usize = 16;

/// Sixteen letters from `k` to `z`: 64 bits that can never be taken for a commit id (hexadecimal stops at `f`).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RecordId([u8; LEN]);

/// A text that is no whole id.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("'{0}' is not an id (16 letters from k to z)")]
pub struct NotAnId(pub String);

impl RecordId {
    /// The id that spells `bits`, four bits a letter.
    pub fn from_bits(bits: u64) -> Self {
        let mut letters = [b'k'; LEN];
        for (place, letter) in letters.iter_mut().enumerate() {
            *letter += u8::try_from((bits >> (60 - 4 * place)) & 0xf).unwrap_or(0);
        }
        Self(letters)
    }

    /// The id derived from `key`: equal keys give equal ids on every machine.
    pub fn derived(key: &str) -> Self {
        let digest = Sha256::digest(key.as_bytes());
        let mut first = [0; 8];
        first.copy_from_slice(&digest[..8]);
        Self::from_bits(u64::from_be_bytes(first))
    }

    /// Parses a whole id.
    pub fn parse(text: &str) -> Result<Self, NotAnId> {
        let letters: [u8; LEN] =
            text.as_bytes().try_into().map_err(|_| NotAnId(text.chars().take(40).collect()))?;
        if letters.iter().all(|b| (b'k'..=b'z').contains(b)) {
            Ok(Self(letters))
        } else {
            Err(NotAnId(text.chars().take(40).collect()))
        }
    }

    /// The sixteen letters.
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or_default()
    }

    /// True when `text` could be the beginning of an id that names it: of fewer than [`MIN_PREFIX`] letters a slip of the
    /// hand is one, too, as git has it for its own.
    pub fn is_prefix(text: &str) -> bool {
        (MIN_PREFIX..=LEN).contains(&text.len()) && text.bytes().all(|b| (b'k'..=b'z').contains(&b))
    }

    /// True when `text` is the whole id or a beginning that names it.
    pub fn is_named(&self, text: &str) -> bool {
        Self::is_prefix(text) && self.as_str().starts_with(text)
    }
}

impl fmt::Display for RecordId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl fmt::Debug for RecordId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Serialize for RecordId {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for RecordId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::parse(&String::deserialize(deserializer)?).map_err(serde::de::Error::custom)
    }
}

/// A sorted set of ids that knows how much of each is enough to name it.
#[derive(Clone, Debug, Default)]
pub struct IdSet(Vec<RecordId>);

/// The shortest prefix ever shown or taken: shorter ones would change too often as the journal grows.
pub const MIN_PREFIX: usize = 4;

impl IdSet {
    /// Ids in the set that begin with `prefix`.
    pub fn matching(&self, prefix: &str) -> &[RecordId] {
        let from = self.0.partition_point(|id| id.as_str() < prefix);
        let upto = from + self.0[from..].partition_point(|id| id.as_str().starts_with(prefix));
        &self.0[from..upto]
    }

    /// How many letters of `id` name it alone in this set, at least [`MIN_PREFIX`].
    pub fn unique_len(&self, id: RecordId) -> usize {
        let place = self.0.partition_point(|other| *other < id);
        let shared = |other: Option<&RecordId>| {
            other.map_or(0, |other| other.0.iter().zip(id.0).take_while(|(a, b)| **a == *b).count())
        };
        let before = shared(place.checked_sub(1).and_then(|at| self.0.get(at)));
        let at = usize::from(self.0.get(place) == Some(&id));
        let after = shared(self.0.get(place + at));
        (before.max(after) + 1).clamp(MIN_PREFIX, LEN)
    }

    /// Number of ids.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// True when there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// True when `id` is one of them.
    pub fn contains(&self, id: RecordId) -> bool {
        self.0.binary_search(&id).is_ok()
    }
}

impl FromIterator<RecordId> for IdSet {
    fn from_iter<I: IntoIterator<Item = RecordId>>(ids: I) -> Self {
        let mut ids: Vec<_> = ids.into_iter().collect();
        ids.sort_unstable();
        ids.dedup();
        Self(ids)
    }
}

#[cfg(test)]
mod tests {
    use super::{IdSet, RecordId};

    #[test]
    fn letters_spell_bits_and_parse_back() {
        for bits in [0, 1, 0xf, u64::MAX, 0x0123_4567_89ab_cdef] {
            let id = RecordId::from_bits(bits);
            assert_eq!(RecordId::parse(id.as_str()), Ok(id));
        }
        assert_eq!(RecordId::from_bits(0x0123_4567_89ab_cdef).as_str(), "klmnopqrstuvwxyz");
    }

    #[test]
    fn refuses_hex_upper_case_and_wrong_lengths() {
        for text in
            ["", "kqv", "0123456789abcdef", "KLMNOPQRSTUVWXYZ", "klmnopqrstuvwxyzk", "klmnopqrstuvwxyé"]
        {
            assert!(RecordId::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn prefixes_are_as_short_as_they_can_be() {
        let ids: Vec<_> = ["kkkkkkkkkkkkkkkk", "kkkkkkzzzzzzzzzz", "mmmmmmmmmmmmmmmm"]
            .iter()
            .map(|id| RecordId::parse(id).unwrap())
            .collect();
        let set: IdSet = ids.iter().copied().collect();
        assert_eq!(ids.iter().map(|id| set.unique_len(*id)).collect::<Vec<_>>(), [7, 7, 4]);
        assert_eq!(set.matching("kk").len(), 2);
        assert_eq!(set.matching("m"), [ids[2]]);
        assert!(set.matching("z").is_empty());
        for (name, named) in
            [("", false), ("m", false), ("mmm", false), ("mmmm", true), ("mmmk", false), ("MMMM", false)]
        {
            assert_eq!(ids[2].is_named(name), named, "{name}");
        }
    }
}
