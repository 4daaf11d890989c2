from common.models.files import StoredFile
from common.models.work import ActKey, ApiReply, DatabaseMark, Draft, OutboxMessage, Progress

__all__ = ["ActKey", "ApiReply", "DatabaseMark", "Draft", "OutboxMessage", "Progress", "StoredFile"]
