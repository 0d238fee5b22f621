"""The bytes of an export as sheets: values of text files and workbooks, and what they show besides."""
