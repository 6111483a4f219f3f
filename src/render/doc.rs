//! The document model: every view is built from it once, and rendered for a terminal or as Markdown.
//!
//! A document holds text as it was written. Nobody who builds one has to think of escaping.

use super::style::Role;
use crate::model::Text;

/// Text with a role.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Span {
    /// What it is for.
    pub role: Role,
    /// What it says.
    pub text: Text,
}

/// Spans that read as one line; a narrow terminal wraps it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Line(pub Vec<Span>);

impl Line {
    /// The empty line.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds ordinary text.
    pub fn plain(self, text: impl Into<String>) -> Self {
        self.role(Role::Plain, text)
    }

    /// Adds text with a role.
    pub fn role(mut self, role: Role, text: impl Into<String>) -> Self {
        self.0.push(Span { role, text: Text::new(text) });
        self
    }

    /// Adds foreign text with a role.
    pub fn text(self, role: Role, text: &Text) -> Self {
        self.role(role, text.raw())
    }

    /// Adds an id as the prefix that suffices to name it.
    pub fn id(self, full: &str, unique_len: usize) -> Self {
        self.role(Role::Id, full.get(..unique_len).unwrap_or(full))
    }

    /// Adds a whole id with its unique prefix highlighted.
    pub fn wide_id(self, full: &str, unique_len: usize) -> Self {
        let (prefix, rest) = full.split_at_checked(unique_len).unwrap_or((full, ""));
        self.role(Role::Id, prefix).role(Role::IdRest, rest)
    }

    /// Adds an address, which becomes a link where that is safe.
    pub fn link(self, url: &Text) -> Self {
        self.text(Role::Link, url)
    }

    /// Adds the spans of another line.
    pub fn line(mut self, other: Self) -> Self {
        self.0.extend(other.0);
        self
    }

    /// True when nothing would be seen.
    pub fn is_blank(&self) -> bool {
        self.0.iter().all(|span| span.text.is_blank())
    }
}

impl From<&str> for Line {
    fn from(text: &str) -> Self {
        Self::new().plain(text)
    }
}

impl From<String> for Line {
    fn from(text: String) -> Self {
        Self::new().plain(text)
    }
}

impl From<&Text> for Line {
    fn from(text: &Text) -> Self {
        Self::new().text(Role::Plain, text)
    }
}

/// A list item with the items beneath it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Item {
    /// What the item says.
    pub line: Line,
    /// What belongs to it.
    pub children: Vec<Item>,
    /// A sign that says more than a bullet would; an empty one says that the line needs none.
    pub mark: Option<Span>,
}

impl Item {
    /// An item without children.
    pub fn new(line: impl Into<Line>) -> Self {
        Self { line: line.into(), children: Vec::new(), mark: None }
    }

    /// An item with a sign of its own instead of a bullet.
    pub fn marked(role: Role, mark: &str, line: impl Into<Line>) -> Self {
        Self { mark: Some(Span { role, text: mark.into() }), ..Self::new(line) }
    }

    /// Adds an item beneath this one.
    pub fn child(mut self, child: impl Into<Self>) -> Self {
        self.children.push(child.into());
        self
    }
}

impl<T: Into<Line>> From<T> for Item {
    fn from(line: T) -> Self {
        Self::new(line)
    }
}

/// How a column is set.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Align {
    /// Words.
    #[default]
    Left,
    /// Numbers.
    Right,
}

/// Rows under a header. The last column takes what room is left, and wraps.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Table {
    /// The names of the columns.
    pub header: Vec<String>,
    /// How each column is set; columns past the end are set left.
    pub align: Vec<Align>,
    /// The cells.
    pub rows: Vec<Vec<Line>>,
}

impl Table {
    /// A table without rows.
    pub fn new<S: Into<String>>(header: impl IntoIterator<Item = S>) -> Self {
        Self { header: header.into_iter().map(Into::into).collect(), ..Self::default() }
    }

    /// Sets the columns' alignment, first column first.
    pub fn align(mut self, align: impl IntoIterator<Item = Align>) -> Self {
        self.align = align.into_iter().collect();
        self
    }

    /// Adds a row.
    pub fn row(mut self, cells: impl IntoIterator<Item = Line>) -> Self {
        self.push(cells);
        self
    }

    /// Adds a row, for loops.
    pub fn push(&mut self, cells: impl IntoIterator<Item = Line>) {
        self.rows.push(cells.into_iter().collect());
    }

    /// How column `index` is set.
    pub(super) fn alignment(&self, index: usize) -> Align {
        self.align.get(index).copied().unwrap_or_default()
    }
}

/// A part of a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Block {
    /// A heading of level 1 (the title), 2 or 3. What follows belongs to it, up to the next of its level.
    Heading(u8, Line),
    /// A paragraph.
    Para(Line),
    /// Lines directly below each other.
    Lines(Vec<Line>),
    /// A list.
    Items(Vec<Item>),
    /// A table.
    Table(Table),
    /// Names and values, aligned.
    Facts(Vec<(String, Line)>),
    /// Lines that somebody wrote, kept apart from ours.
    Prose(Text),
    /// A break between blocks. (Blocks that need one get it anyway.)
    Blank,
    /// What the document rests on: under everything, muted.
    Footer(Line),
}

/// A document: blocks from top to bottom.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Doc {
    /// The blocks.
    pub blocks: Vec<Block>,
}

impl Doc {
    /// The empty document.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a block, for loops.
    pub fn push(&mut self, block: Block) {
        self.blocks.push(block);
    }

    /// Adds a block.
    pub fn block(mut self, block: Block) -> Self {
        self.blocks.push(block);
        self
    }

    /// Adds every block of `other`.
    pub fn append(mut self, other: Self) -> Self {
        self.blocks.extend(other.blocks);
        self
    }

    /// Adds a heading; level 1 is the title.
    pub fn heading(self, level: u8, line: impl Into<Line>) -> Self {
        self.block(Block::Heading(level, line.into()))
    }

    /// Adds a paragraph.
    pub fn para(self, line: impl Into<Line>) -> Self {
        self.block(Block::Para(line.into()))
    }

    /// Adds lines that stand directly below each other.
    pub fn lines(self, lines: impl IntoIterator<Item = Line>) -> Self {
        self.block(Block::Lines(lines.into_iter().collect()))
    }

    /// Adds a list.
    pub fn items(self, items: impl IntoIterator<Item = Item>) -> Self {
        self.block(Block::Items(items.into_iter().collect()))
    }

    /// Adds a table.
    pub fn table(self, table: Table) -> Self {
        self.block(Block::Table(table))
    }

    /// Adds names and values.
    pub fn facts<S: Into<String>>(self, facts: impl IntoIterator<Item = (S, Line)>) -> Self {
        self.block(Block::Facts(facts.into_iter().map(|(key, line)| (key.into(), line)).collect()))
    }

    /// Adds what somebody wrote, in its own lines.
    pub fn prose(self, text: &Text) -> Self {
        self.block(Block::Prose(text.clone()))
    }

    /// Adds a break.
    pub fn blank(self) -> Self {
        self.block(Block::Blank)
    }

    /// Adds a muted closing line.
    pub fn footer(self, line: impl Into<Line>) -> Self {
        self.block(Block::Footer(line.into()))
    }
}
