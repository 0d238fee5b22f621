"""auditbot checks what a school has published against its own policy, in five stages.

``collect`` visits the school's own public pages and takes posts, photos and documents; ``examine`` looks once at each
photo and document for faces and words; ``check`` derives findings from those facts, what the school declares and the
policy; ``evidence`` takes and keeps what each finding rests on; ``report`` writes what the safeguarding lead reads and
decides. :func:`auditbot.pipeline.run_audit` runs all five.
"""

import os

# The workers are as many as the processors; left alone, numpy starts as many threads again in each of them.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
# onnxruntime's wheels report to their maker unless told not to before their first import; children inherit this.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"

__version__ = "0.1.0"
