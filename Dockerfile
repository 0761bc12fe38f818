# The image of web, worker and beat alike; compose.yaml gives each its command.
FROM node:24-slim AS assets
WORKDIR /build
COPY package.json package-lock.json .npmrc ./
RUN npm ci --no-progress

FROM python:3.11-slim
ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 DATA_DIR=/data
RUN useradd --create-home --uid 1000 hanbin && install -d -o hanbin /data
WORKDIR /app
COPY requirements.txt ./
RUN pip install --no-cache-dir -r requirements.txt
COPY . .
COPY --from=assets /build/node_modules node_modules
# Collecting needs settings that start, but neither a database nor a secret of any worth.
RUN python scripts/setup.py --copy-assets && rm -rf node_modules \
    && DEBUG=0 SECRET_KEY=build ALLOWED_HOSTS=build DATABASE_URL=sqlite://:memory: \
       REDIS_URL=redis://build python manage.py collectstatic --noinput --verbosity 0
USER hanbin
VOLUME /data
EXPOSE 8000
CMD ["gunicorn", "hanbin_cppcc.wsgi", "--bind", "0.0.0.0:8000", "-k", "gthread", \
     "--workers", "3", "--threads", "4", "--access-logfile", "-", "--worker-tmp-dir", "/dev/shm"]
