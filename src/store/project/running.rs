//! A running `git`: its answer, its complaints, its end.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::path::PathBuf;
use std::process::{Child, ChildStdin};
use std::thread::{self, JoinHandle};

use super::program::GitError;

/// Longest record that is kept whole; the middle of a longer one is dropped. No honest commit comes near.
const RECORD_LIMIT: usize = 8 << 20;

/// How much of what git says on stderr is kept.
const STDERR_LIMIT: u64 = 64 << 10;

/// A child that never outlives its handle.
pub(super) struct Running {
    pub(super) child: Child,
    dir: PathBuf,
    args: Vec<String>,
    feeder: Option<JoinHandle<()>>,
    stderr: Option<JoinHandle<String>>,
}

impl Running {
    /// Takes charge of a child whose stderr, and stdin when there is `input`, are pipes.
    pub(super) fn new(mut child: Child, dir: PathBuf, args: Vec<String>, input: Option<Vec<u8>>) -> Self {
        let feeder = child.stdin.take().zip(input).map(|(stdin, input)| thread::spawn(|| feed(stdin, input)));
        let stderr = child.stderr.take().map(|stderr| thread::spawn(|| drain(stderr)));
        Self { child, dir, args, feeder, stderr }
    }

    /// What it prints.
    pub(super) fn stdout(&mut self) -> Result<BufReader<impl Read + use<>>, GitError> {
        let stdout = self.child.stdout.take();
        let missing = || GitError::Io { dir: self.dir.clone(), source: io::ErrorKind::BrokenPipe.into() };
        stdout.map(|stdout| BufReader::with_capacity(64 << 10, stdout)).ok_or_else(missing)
    }

    /// Waits for the end and tells how it ended.
    pub(super) fn finish(&mut self) -> Result<(), GitError> {
        let stderr = self.stderr.take().and_then(|thread| thread.join().ok()).unwrap_or_default();
        let status = self.child.wait().map_err(|source| GitError::Io { dir: self.dir.clone(), source })?;
        if status.success() {
            return Ok(());
        }
        Err(GitError::Failed {
            args: self.args.clone(),
            code: status.code(),
            stderr: stderr.trim().to_owned(),
        })
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // Both fail only for a child that has ended, which is what is wanted.
        let _ = self.child.kill();
        let _ = self.child.wait();
        if let Some(feeder) = self.feeder.take() {
            let _ = feeder.join();
        }
    }
}

/// A reader that stops early closes the pipe: that is its right, and its exit code tells the rest.
fn feed(mut stdin: ChildStdin, input: Vec<u8>) {
    let _ = stdin.write_all(&input);
}

fn drain(mut stderr: impl Read) -> String {
    let mut said = Vec::new();
    let _ = stderr.by_ref().take(STDERR_LIMIT).read_to_end(&mut said);
    // Past the limit it is read and dropped, or the child would wait for ever.
    let _ = io::copy(&mut stderr, &mut io::sink());
    String::from_utf8_lossy(&said).into_owned()
}

/// The end of a record past the limit that is kept: references stand at the end of messages.
const RECORD_END: usize = 64 * 1024;

/// Reads up to the next NUL into `record`; false at the end. Of a record past the limit its beginning is kept, and
/// the lines at its end.
pub(super) fn next_record(from: &mut impl BufRead, record: &mut Vec<u8>) -> io::Result<bool> {
    record.clear();
    let mut rest = Vec::new();
    loop {
        let chunk = match from.fill_buf() {
            Ok(chunk) => chunk,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        };
        if chunk.is_empty() {
            return Ok(!record.is_empty());
        }
        let end = chunk.iter().position(|byte| *byte == 0);
        let part = &chunk[..end.unwrap_or(chunk.len())];
        let (first, more) = part.split_at(part.len().min(RECORD_LIMIT.saturating_sub(record.len())));
        record.extend_from_slice(first);
        rest.extend_from_slice(more);
        if rest.len() > 16 * RECORD_END {
            rest.drain(..rest.len() - RECORD_END);
        }
        let used = end.map_or(chunk.len(), |end| end + 1);
        from.consume(used);
        if end.is_some() {
            let rest = &rest[rest.len().saturating_sub(RECORD_END)..];
            let line = rest.iter().position(|byte| *byte == b'\n').unwrap_or(rest.len());
            record.extend_from_slice(&rest[line..]);
            return Ok(true);
        }
    }
}
