"""Actions: what a step `uses`. One small module per noun; every module here is registered by being here."""
