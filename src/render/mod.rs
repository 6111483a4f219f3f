//! The only writer of the program, and the one place where text becomes safe for a medium.
//!
//! A view is a [`doc::Doc`]; [`text`] and [`markdown`] turn it into characters, [`json`] carries values for
//! programs, [`ui::Ui`] owns the streams. Every piece of text, ours or foreign, passes [`sanitize`] on its way out:
//! then nobody has to remember which was which.

pub mod doc;
pub mod json;
pub mod markdown;
pub mod progress;
pub mod prompt;
pub mod sanitize;
pub mod style;
mod table;
#[cfg(test)]
mod tests;
pub mod text;
pub mod ui;
pub mod view;
mod wrap;

pub use doc::{Align, Block, Doc, Item, Line, Table};
pub use progress::Progress;
pub use style::{ColorChoice, Role};
pub use ui::{Format, Ui};
