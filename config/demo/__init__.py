"""The demonstration: districts, people, choices and households, made by walking the real services under the moving clock."""
