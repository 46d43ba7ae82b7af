/* Publishes COUNT messages of BYTES bytes with QoS 0 through paho C, then one with QoS 1, whose acknowledgement says that the broker has read them
 * all, and prints the seconds that took.
 *
 *     gcc -O2 -Wall -Wextra -Werror paho_rate.c -lpaho-mqtt3c -o paho_rate     (Debian: libpaho-mqtt-dev)
 *     ./paho_rate tcp://127.0.0.1:1883 TOPIC BYTES COUNT
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <MQTTClient.h>

static int publish(MQTTClient client, const char* topic, int bytes, void* payload, int qos) {
  MQTTClient_message message = MQTTClient_message_initializer;
  message.payload = payload;
  message.payloadlen = bytes;
  message.qos = qos;
  MQTTClient_deliveryToken token;
  MQTTResponse response = MQTTClient_publishMessage5(client, topic, &message, &token);
  int code = response.reasonCode;
  MQTTResponse_free(response);
  return code < 0 ? code : qos == 0 ? 0 : MQTTClient_waitForCompletion(client, token, 60000);
}

int main(int argc, char** argv) {
  if (argc != 5) return fprintf(stderr, "paho_rate ADDRESS TOPIC BYTES COUNT\n"), 2;
  int bytes = atoi(argv[3]), count = atoi(argv[4]);
  char* payload = calloc(1, bytes);
  for (int i = 0; i < bytes; i++) payload[i] = (char)(i * 31);

  MQTTClient client;
  MQTTClient_createOptions create = MQTTClient_createOptions_initializer;
  create.MQTTVersion = MQTTVERSION_5;
  MQTTClient_connectOptions options = MQTTClient_connectOptions_initializer5;
  if (MQTTClient_createWithOptions(&client, argv[1], "paho-rate", MQTTCLIENT_PERSISTENCE_NONE, NULL, &create) != MQTTCLIENT_SUCCESS) return 1;
  MQTTResponse connected = MQTTClient_connect5(client, &options, NULL, NULL);
  if (connected.reasonCode != MQTTREASONCODE_SUCCESS) return fprintf(stderr, "cannot connect: %d\n", connected.reasonCode), 1;
  MQTTResponse_free(connected);

  struct timespec start, end;
  clock_gettime(CLOCK_MONOTONIC, &start);
  for (int i = 0; i < count; i++)
    if (publish(client, argv[2], bytes, payload, 0) != 0) return fprintf(stderr, "message %d failed\n", i), 1;
  if (publish(client, argv[2], 1, payload, 1) != 0) return fprintf(stderr, "no acknowledgement\n"), 1;
  clock_gettime(CLOCK_MONOTONIC, &end);

  printf("%.6f\n", (end.tv_sec - start.tv_sec) + (end.tv_nsec - start.tv_nsec) * 1e-9);
  MQTTClient_disconnect(client, 1000);
  MQTTClient_destroy(&client);
  free(payload);
  return 0;
}
