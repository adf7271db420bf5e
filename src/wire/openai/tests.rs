//! Requests are written and answers are read, as any compatible service has them.

mod asking;
mod decoding;
