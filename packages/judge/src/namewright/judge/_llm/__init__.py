"""The LLM judge: any server that speaks OpenAI's chat protocol. Everything in this folder is fingerprinted."""

from namewright.judge._llm.budget import Prices
from namewright.judge._llm.judge import LLMJudge, Settings

__all__ = ["LLMJudge", "Prices", "Settings"]
