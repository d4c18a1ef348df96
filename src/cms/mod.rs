//! SignedData (RFC 5652; GB/T 35275), its attributes, and time-stamp messages (RFC 3161).
