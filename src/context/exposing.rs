//! Where the journal can be read, or would go, beyond what its owner said.

use super::Context;
use crate::error::CommandError;
use crate::report::exposure::{Exposure, judge};
use crate::store::exposure::{Depth, place};

impl Context {
    /// What exposes the journal. `Depth::Whole` also looks behind every ref of the repository one stands in.
    pub fn exposure(&self, depth: Depth) -> Result<Vec<Exposure>, CommandError> {
        Ok(judge(&place(self.journal()?, self.config()?, self.project()?, depth)))
    }
}
