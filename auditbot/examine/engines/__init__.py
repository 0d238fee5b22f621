"""Face engines: each finds faces and turns them into vectors, behind :class:`auditbot.examine.faces.Engine`."""
