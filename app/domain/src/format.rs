//! Numbers, days and money as they stand on screens (DESIGN 8).
