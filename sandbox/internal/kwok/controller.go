// Package kwok plays the nodes and the pods on them: kwok's controller with stages of our own. Nothing
// runs; statuses change as if it did.
package kwok

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"time"

	"k8s.io/client-go/kubernetes"
	"k8s.io/utils/clock"
	"sigs.k8s.io/kwok/pkg/apis/internalversion"
	"sigs.k8s.io/kwok/pkg/kwok/controllers"
	"sigs.k8s.io/kwok/pkg/log"
)

// Options says which cluster to play nodes for.
type Options struct {
	Client kubernetes.Interface
	// KubeletPort is the port of this machine that serves the logs of all nodes.
	KubeletPort int
	Log         io.Writer
}

// Run plays all nodes of the cluster, including those created by others, until the context ends. It keeps no node leases: leases
// show which nodes are alive, and the lease of a killed process would delay the next one by 10 seconds or more. The
// controller manager is configured not to wait for them.
func Run(ctx context.Context, options Options) error {
	ctx = log.NewContext(ctx, log.NewLogger(options.Log, slog.LevelWarn))
	stages := map[internalversion.StageResourceRef][]*internalversion.Stage{}
	for _, stage := range podStages() {
		stages[podRef] = append(stages[podRef], stage.build(podRef))
	}
	for _, stage := range nodeStages(options.KubeletPort) {
		stages[nodeRef] = append(stages[nodeRef], stage.build(nodeRef))
	}
	controller, err := controllers.NewController(controllers.Config{
		Clock:                     clock.RealClock{},
		TypedClient:               options.Client,
		ManageAllNodes:            true,
		CIDR:                      "10.244.255.0/24",
		NodePort:                  options.KubeletPort,
		LocalStages:               stages,
		PodPlayStageParallelism:   4,
		NodePlayStageParallelism:  4,
		PodsOnNodeSyncParallelism: 4,
		FuncMap:                   templateFunctions(time.Now, int32(options.KubeletPort)),
	})
	if err != nil {
		return err
	}
	if err := controller.Start(ctx); err != nil {
		return fmt.Errorf("kwok: %w", err)
	}
	<-ctx.Done()
	return nil
}
