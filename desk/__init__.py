"""The newsroom's rules and records: what a post is, and when it may go out."""
