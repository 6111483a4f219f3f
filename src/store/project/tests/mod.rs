//! Tests of the door to code repositories, against the real `git` program.

mod generated;
mod history;
mod odd_history;
mod program;
mod project;
mod remote_url;
