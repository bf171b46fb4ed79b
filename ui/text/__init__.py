"""All wording: number formats, sentences, explanations, and code excerpts. Pure."""
