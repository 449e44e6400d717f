"""The offline judge: deterministic, no key, no network. Everything in this folder is fingerprinted."""

from namewright.judge._offline.judge import OfflineJudge

__all__ = ["OfflineJudge"]
