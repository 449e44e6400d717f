"""The suggesters that the probe can reach: over HTTP, or by the contract of the `suggest` command."""

from namewright.probe._targets._command import CommandTarget
from namewright.probe._targets._http import HttpTarget
from namewright.probe._targets._reply import Reply, Target

__all__ = ["CommandTarget", "HttpTarget", "Reply", "Target"]
