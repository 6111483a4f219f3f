//! Each verb from end to end: flags, streams, exit codes. One verb a file.

mod init;
