package controlplane

import (
	"context"
	"fmt"
	"os"

	"k8s.io/kubernetes/cmd/kube-scheduler/app"
	"k8s.io/kubernetes/cmd/kube-scheduler/app/options"
)

const schedulerConfig = `apiVersion: kubescheduler.config.k8s.io/v1
kind: KubeSchedulerConfiguration
leaderElection:
  leaderElect: false
clientConnection:
  kubeconfig: %q
  qps: 1000
  burst: 2000
podInitialBackoffSeconds: 1
podMaxBackoffSeconds: 5
profiles:
- schedulerName: default-scheduler
  plugins:
    multiPoint:
      enabled:
      - name: %s
`

// RunScheduler schedules pods until the context ends. It writes its configuration to configFile.
func RunScheduler(ctx context.Context, kubeconfig, configFile string) error {
	config := fmt.Sprintf(schedulerConfig, kubeconfig, pendingPluginName)
	if err := os.WriteFile(configFile, []byte(config), 0o600); err != nil {
		return err
	}
	scheduler := options.NewOptions()
	if err := parse(*scheduler.Flags, []string{
		"--config=" + configFile,
		"--secure-port=0",
	}); err != nil {
		return err
	}
	completed, instance, err := app.Setup(ctx, scheduler, app.WithPlugin(pendingPluginName, newPendingPlugin))
	if err != nil {
		return err
	}
	err = app.Run(ctx, completed, instance)
	// Without leader election the scheduler reports its regular end as an error.
	if ctx.Err() != nil {
		return nil
	}
	return err
}
