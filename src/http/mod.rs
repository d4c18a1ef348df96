//! The HTTP interface: `api` (JSON), `pages` (HTML), and what both share.
