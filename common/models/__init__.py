from common.models.files import StoredFile
from common.models.work import ActKey, DatabaseMark, Draft, OutboxMessage, Progress

__all__ = ["ActKey", "DatabaseMark", "Draft", "OutboxMessage", "Progress", "StoredFile"]
