"""The one writer of each tenant, and the hand that moves its clock."""
