//! Placeholder module doc: import formats.
