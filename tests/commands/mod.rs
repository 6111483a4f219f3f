//! Each verb from end to end: flags, streams, exit codes. One verb a file.

mod add;
mod asked;
mod bet;
mod compare;
mod decide;
mod diff;
mod edit;
mod first_trial;
mod guide;
mod harvest;
mod hook;
mod hooks;
mod inbox;
mod init;
mod list;
mod log;
mod objective;
mod reanchor;
mod remove;
mod report;
mod review;
mod rewriting;
mod rules;
mod shell;
mod taste;
mod undo;
