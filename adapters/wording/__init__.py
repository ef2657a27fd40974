"""How what people type on a platform reads as plain text. Pure, and shared by the adapters."""
