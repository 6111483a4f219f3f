//! Git's identity line: a name, an address and a moment.

use crate::model::{Instant, Text};
use crate::store::raw_date;

/// Who records, and when: git's committer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Committer {
    /// `user.name` or `GIT_COMMITTER_NAME`.
    pub name: Text,
    /// `user.email` or `GIT_COMMITTER_EMAIL`.
    pub email: Text,
    /// Now, or `GIT_COMMITTER_DATE`.
    pub time: Instant,
}

impl Committer {
    /// Takes `Name <email> seconds zone` apart.
    pub(super) fn parse(ident: &str) -> Option<Self> {
        let (name, rest) = ident.split_once(" <")?;
        let (email, date) = rest.rsplit_once("> ")?;
        Some(Self { name: name.into(), email: email.into(), time: raw_date::parse(date)? })
    }
}
