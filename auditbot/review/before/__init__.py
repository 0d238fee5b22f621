"""Before you post: a draft and its photos, answered by the audit's own checks, and kept by nobody."""
