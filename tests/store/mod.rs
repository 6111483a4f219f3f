//! The journal under fire: contention, kills, damage, foreign data, full disks.
