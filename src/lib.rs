//! git-okr: a private, git-native evidence journal for engineers who are read for scope and impact.

pub mod format;
pub mod model;
