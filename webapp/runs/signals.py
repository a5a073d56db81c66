"""What the runs call out to packages that they know nothing of; the factory ties the listeners."""

from blinker import Signal

# A run reached an end that notifications judge. Sent inside the transaction, with the run; a
# listener only enqueues. The truth is the change row: a sweep finds what a lost job forgot.
run_ended = Signal()
