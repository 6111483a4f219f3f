//! What two machines changed at once and nobody has decided on.

use crate::change::merge::settle::Unsettled;
use crate::model::{Kind, RecordId, Text};

/// The name by which the guide is meant.
pub const GUIDE: &str = "guide";

/// One record, or the guide, whose fields have two values.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Contested {
    /// Its id; none for the guide.
    pub id: Option<RecordId>,
    /// Its kind; none for the guide.
    pub kind: Option<Kind>,
    /// What it is called.
    pub title: Text,
    /// Its conflicts.
    pub conflicts: Vec<Unsettled>,
}

impl Contested {
    /// What one types to mean it.
    pub fn name(&self) -> &str {
        self.id.as_ref().map_or(GUIDE, RecordId::as_str)
    }
}
