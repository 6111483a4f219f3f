//! Answers to questions, on disk as they are given: a closed terminal or ctrl-c loses none of them.

use std::path::PathBuf;

use serde::Serialize;

use super::Context;
use super::editor::{Draft, kept, write_private};
use crate::error::{CommandError, Hint};
use crate::format::draft::fill;

/// What a person has answered so far.
pub struct Answers {
    path: Option<PathBuf>,
    /// How the kept answers are taken up again, when a command can do that.
    again: Option<&'static str>,
    written: bool,
}

impl Context {
    /// A place for answers; `again` reads them from standard input.
    pub fn answers(&self, name: &str, again: Option<&'static str>) -> Answers {
        // Where nothing can be kept the questions are asked all the same: committing will say what is wrong.
        let path = self.draft_path(name).or_else(|_| self.spare_path(name)).ok();
        Answers { path, again, written: false }
    }
}

impl Answers {
    /// Keeps everything that was answered until now.
    pub fn keep(&mut self, said: &impl Serialize) {
        if let Some(path) = &self.path {
            self.written |= write_private(path, &fill("", said)).is_ok();
        }
    }

    /// Ends the questions: an error says where the answers are, and success hands them on as a draft to commit.
    pub fn finish<T>(self, result: Result<T, CommandError>) -> Result<(T, Option<Draft>), CommandError> {
        let path = self.path.filter(|_| self.written);
        match (result, path) {
            (Ok(value), path) => Ok((value, path.map(Draft::File))),
            (Err(error), None) => Err(error),
            (Err(error), Some(path)) => {
                let failed = Err(error).hint(kept(&path));
                match self.again {
                    Some(verb) => failed.hint(format!("record it: git okr {verb} - < '{}'", path.display())),
                    None => failed,
                }
            }
        }
    }
}
