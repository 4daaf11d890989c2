"""What `check_integrity` asks of the journal: every row is as it was written, and none is missing behind a seal."""

from collections.abc import Iterator

from common.integrity import readable
from journal.models import Block, Entry
from journal.services import block_digest, mac_of


def violations() -> Iterator[str]:
    """One sentence for each violation found."""
    yield from altered_rows()
    yield from broken_seals()


def altered_rows() -> Iterator[str]:
    """Rows whose keyed digest does not fit what stands in them."""
    for key, entry in readable(Entry.objects.unscoped(reason="integrity check of the whole journal")):
        if entry is None:
            yield f"留痕记录 {key} 的加密内容被改动，无法解密"
        elif bytes(entry.mac) != mac_of(entry):
            yield f"留痕记录 {key} 与写入时不一致（{entry.act}，{entry.object_type} {entry.object_id}）"


def broken_seals() -> Iterator[str]:
    """Blocks that are missing, or whose entries are no longer those that were sealed."""
    previous, expected_from = b"", 0
    for number, block in enumerate(Block.objects.order_by("number"), start=1):
        count, digest = block_digest(block, previous)
        if block.number != number or block.from_xid != expected_from:
            yield f"封存块 {block.number} 不连续：前面的封存块缺失或被改动"
        elif count != block.entries:
            yield f"封存块 {block.number} 应有 {block.entries} 条记录，现有 {count} 条"
        elif digest != bytes(block.digest):
            yield f"封存块 {block.number} 的校验值不符，其中的记录或封存块本身被改动"
        previous, expected_from = bytes(block.digest), block.to_xid
