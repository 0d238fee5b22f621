"""Reading one page of HTML: its nodes, its text, its comments and dates, its walls."""
