"""The safeguarding lead's page: a web site of the school's own on which what was found is decided and followed.

Django is imported here and nowhere else, and only when the page is asked for: the other commands stay quick.
"""
