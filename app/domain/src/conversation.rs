//! Placeholder module doc: conversation analysis (transcripts and mails).
