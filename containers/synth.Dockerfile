# The dataset's maker, a job.
# Build from the repository's root: docker build -f containers/synth.Dockerfile -t namewright-synth .
ARG BASE_IMAGE=python:3.11-slim-bookworm

# What comes from PyPI stays in this layer while only our own sources change.
FROM ${BASE_IMAGE} AS libraries
COPY containers/locks/synth.txt /build/
RUN python -m venv --without-pip /opt/venv \
 && pip --python /opt/venv/bin/python install --no-cache-dir --require-hashes --no-deps -r /build/synth.txt

# Our own wheels, built with locked tools and laid out under /own as they will stand in the image.
FROM libraries AS own
COPY containers/locks/build.txt /build/
RUN python -m venv --without-pip /build/venv \
 && pip --python /build/venv/bin/python install --no-cache-dir --require-hashes --no-deps -r /build/build.txt
COPY packages/shared /src/shared
COPY packages/synth /src/synth
RUN pip --python /build/venv/bin/python wheel --no-cache-dir --no-build-isolation --no-deps -w /build/wheels /src/shared /src/synth \
 && pip --python /opt/venv/bin/python install --no-cache-dir --no-index --no-deps --root /own /build/wheels/*.whl

FROM ${BASE_IMAGE}
# useradd is not in every base.
RUN echo 'namewright:x:10001:10001::/tmp:/usr/sbin/nologin' >> /etc/passwd \
 && echo 'namewright:x:10001:' >> /etc/group \
 && mkdir /artifacts && chown 10001:10001 /artifacts
COPY --from=libraries /opt/venv /opt/venv
COPY --from=own /own /
# The root file system may be read-only: what is written goes to /artifacts, or to /tmp.
ENV PATH=/opt/venv/bin:$PATH \
    HOME=/tmp \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    NAMEWRIGHT_ARTIFACTS=/artifacts
WORKDIR /tmp
USER 10001:10001
STOPSIGNAL SIGTERM
ENTRYPOINT ["synth"]
ARG VERSION=0.1.0
ARG REVISION=
ARG CREATED=
ENV NAMEWRIGHT_GIT_COMMIT=$REVISION
LABEL org.opencontainers.image.title="namewright-synth" \
      org.opencontainers.image.description="Makes a synthetic dataset of domain name requests" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="$VERSION" \
      org.opencontainers.image.revision="$REVISION" \
      org.opencontainers.image.created="$CREATED"
