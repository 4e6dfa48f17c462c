"""What other rooms may use of exports."""

from exports.services.datasets import request_release, save_dataset

__all__ = ["request_release", "save_dataset"]
