"""VP8 in one colour, 640 × 480: a key frame, and one that repeats what was before it.

libvpx encoded both: the format starts from a thousand probabilities, so that writing it here would
take more than its few bytes. ``tests/core/clips/make_vp8.py`` makes them again.
"""

import base64
import zlib
from typing import Final

SIZE: Final = (640, 480)
KEY: Final = zlib.decompress(
    base64.b85decode(
        b"c-jkaW|+&U)xh+C(XyODQAUMFN5@4+#W8_Fc=^POH;RKwDthALrkAvNou1_M>C5gVMqx3N#HTO4t2k-"
        b"XlL>qF>b>NdI$fpp>C1ADlr=k5^!2@WIjg3gRIIFuy(Fov=gEEg(z^*KBa1vn4H>eA82o#<f#=NpMFs$1OAKT"
    )
)
REPEAT: Final = zlib.decompress(
    base64.b85decode(
        b"c-"
        b"s5O$M9sPMRWRk0e}B>{rZnf8RQQnrtQBF|3X4S|APLD+i6oHmqxvt^4V_h{hr<%Ho;52^9z>by?<6)y<bv#okT~+"
        b"L_tA8Atg=jj*d<sOHc_2R9t`n$QMn^m;qNHc-v&7SQT^dFaLs%;%?U&7yuiHF;M"
    )
)
