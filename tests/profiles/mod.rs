//! Certificate profiles: one certificate of each judged by OpenSSL and Bouncy Castle, and profiles of the house.

mod judged;
mod officers;
mod own;
